export const handoff = {
  title: "Hand-off sheet",
  lead: (workflow: string) =>
    `What the vendor's developer needs to send to “${workflow}”, on one page.`,
  gone: "There is no such workflow.",
  toWorkflows: "All workflows",
  toSettings: "Set the public address",
  localOnly: "This address works on this computer only.",
  localOnlyLead:
    "Set the public address first; then the sheet has the one that the vendor can reach.",
  print: "Print",
  saveHtml: "Save as HTML",
  saveMarkdown: "Save as Markdown",
  copyMarkdown: "Copy as Markdown",
  file: (title: string) =>
    `hand-off-${title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")}`,
  required: "required",
  parts: {
    request: "The request",
    header: "Header",
    value: "Value",
    sample: "A sample body",
    schema: "What the body must be",
    field: "Field",
    what: "What it is",
    answers: "What is answered",
    status: "Status",
    meaning: "What it means",
    retry: "When to send again",
    tests: "Test values",
    test: "Test",
    payload: "Body",
  },
  test: (name: string, answer: number) => `${name}: ${answer}`,
  urlIsSecret:
    "The address itself is the secret: keep it out of tickets, logs and code. If it gets out, tell us and we replace it.",
  secretApart:
    "The secret for that header is not on this sheet: it comes to you another way, such as a password manager. The address is confidential too.",
  idempotency: "a key of your own for each delivery; the same key again makes no second record",
  basic: "Basic, then user:password in base64",
  header: (prefix: string) => (prefix === "" ? "the secret" : `“${prefix}”, then the secret`),
  hmac: (algorithm: string, encoding: string, prefix: string) =>
    `${prefix === "" ? "" : `“${prefix}”, then `}HMAC ${algorithm} of the raw body with the secret, in ${encoding}`,
  schemes: {
    standardWebhooks: {
      header: "webhook-id, webhook-timestamp, webhook-signature",
      said: "as Standard Webhooks 1.0 says",
    },
    svix: { header: "svix-id, svix-timestamp, svix-signature", said: "as Svix signs" },
    stripe: {
      header: "Stripe-Signature",
      said: "t=, the time, then v1= and HMAC SHA-256 of time, a dot and the raw body, in hex",
    },
    zoom: {
      header: "x-zm-request-timestamp, x-zm-signature",
      said: "v0=, then HMAC SHA-256 of v0:, the time, : and the raw body, in hex",
    },
    github: {
      header: "X-Hub-Signature-256",
      said: "sha256=, then HMAC SHA-256 of the raw body with the secret, in hex",
    },
    swapcard: {
      header: "X-Signature-256",
      said: "sha256=, then HMAC SHA-256 of the raw body with the secret, in hex",
    },
  } as Record<string, { header: string; said: string }>,
  answers: {
    good: "Stored; it will be recorded. The body has the run's id, good to quote in questions.",
    goodSilent: "Stored; it will be recorded. The answer has no body.",
    bad: "Not taken: the body is no JSON object or misses what is described above. Mend it; sending the same again helps nothing.",
    unauthorized: "The address or the signature is wrong.",
    form: "Send POST, uncompressed, as application/json.",
    large: (most: string) => `The body is larger than ${most}.`,
    often: "Too often: wait for the seconds that Retry-After says.",
    later: "Could not be stored just now: send it again later.",
  },
  retry: [
    "After 429, 503, any other 5xx, a time-out or no connection: send the same body again after 5 s, 30 s, 2 min, 10 min, then hourly for a day.",
    "After 400, 401, 405, 413 or 415: do not send the same again; tell us.",
    "An answer comes within a second; allow 10 s before giving up on one.",
    "Send each event once: the same body twice makes two records.",
  ],
} as const;
