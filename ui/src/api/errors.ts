import type { WireError } from "./bindings";

/** Codes made here rather than by the server: nobody answered, or the token is missing or wrong. */
export const unreachable = "unreachable";
export const unauthorized = "unauthorized";
/** The server is there and its application is not yet: asked again, it answers. */
export const starting = "starting";

/** What a command answers when it does not succeed. The UI switches on `code`, never on text. */
export class ApiError extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = "ApiError";
    this.code = wire.code;
    this.details = wire.details;
  }
}

/** Whether a refusal can be overruled: the same request with `again` does it once more. */
export function goesAgain({ details }: ApiError): boolean {
  return (
    typeof details === "object" && details !== null && "again" in details && details.again === true
  );
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isWireError(error)) return new ApiError(error);
  return new ApiError({
    code: "internal",
    message: error instanceof Error ? error.message : String(error),
  });
}

export function isWireError(value: unknown): value is WireError {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as WireError).code === "string" &&
    typeof (value as WireError).message === "string"
  );
}
