export { createStripeGateway, type StripeOptions } from './stripeGateway'
export { stripeWebhookReader } from './webhookReader'
