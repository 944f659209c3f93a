/** An error as Stripe's HTTP API words it: `{ error: { type, code, message, param, ... } }`. */
export interface ErrorFields {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
  charge?: string
  payment_intent?: unknown
}

/** Thrown by parameters and endpoints; the server turns it into the answer and rolls back what the endpoint wrote. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly fields: ErrorFields,
  ) {
    super(fields.message)
  }
}

/** The answer's body; `doc_url` follows from the code as in Stripe's documentation. */
export function errorBody(fields: ErrorFields, requestId: string): { error: Record<string, unknown> } {
  return {
    error: {
      ...fields,
      ...(fields.code === undefined
        ? {}
        : { doc_url: `https://stripe.com/docs/error-codes/${fields.code.replaceAll('_', '-')}` }),
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
    },
  }
}

export function invalid(message: string, extra: { code?: string; param?: string } = {}, status = 400): ApiError {
  return new ApiError(status, { type: 'invalid_request_error', message, ...extra })
}

export const unauthorized = (message: string): ApiError => invalid(message, {}, 401)

export const parameterUnknown = (param: string): ApiError =>
  invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })

export const parameterMissing = (param: string): ApiError =>
  invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param })

export const parameterEmpty = (param: string): ApiError =>
  invalid(
    `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param },
  )

export const integerInvalid = (value: string, param: string): ApiError =>
  invalid(`Invalid integer: ${value.slice(0, 100)}`, { code: 'parameter_invalid_integer', param })

export const parametersExclusive = (names: readonly string[]): ApiError =>
  invalid(`You may only specify one of these parameters: ${names.join(', ')}.`, { code: 'parameters_exclusive' })

/** 404 when the id stands in the path, 400 when a parameter names it. */
export const resourceMissing = (noun: string, id: string, param: string): ApiError =>
  invalid(`No such ${noun}: '${id.slice(0, 100)}'`, { code: 'resource_missing', param }, param === 'id' ? 404 : 400)

/** A documented parameter whose feature (coupons, Connect, prices, ...) this stand-in does not have. It says so instead of ignoring it. */
export const notInPractice = (param: string): ApiError =>
  invalid(`The practice Stripe does not support '${param}'. Leave it out, or try this against a Stripe test account.`, { param })
