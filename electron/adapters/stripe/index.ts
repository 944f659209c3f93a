export { createStripeGateway, type StripeGatewayOptions } from './stripeGateway'
export { stripeWebhookReader } from './webhookReader'
