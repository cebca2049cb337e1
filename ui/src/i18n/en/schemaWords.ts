import { list } from "../format";

/** A JSON schema in plain language. */
export const schemaWords = {
  anything: "anything",
  exactly: (value: string) => `exactly ${value}`,
  oneOf: (values: string[]) => `one of ${list(values, "or")}`,
  types: {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    null: "null",
  } as Record<string, string>,
  formats: {
    "date-time": "a date and time such as 2026-05-27T09:15:00",
    date: "a date such as 2026-05-27",
    time: "a time such as 09:15:00",
    duration: "a duration such as PT1H30M",
    email: "an e-mail address",
    "idn-email": "an e-mail address in any script",
    hostname: "a host name",
    "idn-hostname": "a host name in any script",
    ipv4: "an IPv4 address",
    ipv6: "an IPv6 address",
    uri: "a web address",
    iri: "a web address in any script",
    uuid: "a unique id",
  } as Record<string, string>,
  orBlank: "or blank",
  limits: {
    minLength: (value: string) => `at least ${value} characters`,
    maxLength: (value: string) => `at most ${value} characters`,
    minimum: (value: string) => `at least ${value}`,
    maximum: (value: string) => `at most ${value}`,
    minItems: (value: string) => `at least ${value} entries`,
    maxItems: (value: string) => `at most ${value} entries`,
    pattern: (value: string) => `of the form ${value}`,
  },
} as const;
