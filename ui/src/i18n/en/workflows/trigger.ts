/** The webhook: its URL, who may send, what is taken, and how it answers. */
import type { handshakes, signatureSchemes, WorkflowStatus } from "../../../api/bindings";

type Proof = "none" | "header" | "basic" | (typeof signatureSchemes)[number]["id"];
type Named = { label: string; description?: string };

export const trigger = {
  triggerLead: "Starts the workflow when another system posts JSON to its URL.",
  url: "Webhook URL",
  urlLater: "The URL is made when you save for the first time. Come back here to copy it.",
  urlHint:
    "Give it to whoever sets up the sending system, and to nobody else: whoever has it can send.",
  copyUrl: "Copy the URL",
  localUrl: "On this computer",
  copyLocalUrl: "Copy the URL for this computer",
  urlStates: {
    draft: "It answers 400 until you activate the workflow.",
    active: "",
    paused: "Paused: it takes deliveries and keeps them until you resume.",
    disabled: "Disabled: it answers 400.",
    archived: "Archived: it answers 400.",
  } satisfies Record<WorkflowStatus, string>,
  regenerate: "Regenerate URL",
  regenerateTitle: "Regenerate the webhook URL?",
  regenerateLead:
    "Whoever still uses the old URL will be refused with 401. Give the new one to the sending system, and choose whether the old one goes on working for a while.",
  overlap: "The old URL",
  overlaps: [
    { id: "0", label: "Stops working at once" },
    { id: "1", label: "Works for 1 more hour" },
    { id: "24", label: "Works for 1 more day" },
    { id: "72", label: "Works for 3 more days" },
    { id: "168", label: "Works for 7 more days" },
  ],
  regenerated: "There is a new URL. Copy it and give it to the sending system.",
  metadata: "Metadata Output Property",
  metadataHint: "Headers, address and time of the request go under this name, for later steps.",
  return202: "Return 202 Accepted",
  return202Hint: "For senders that expect 202 instead of 200. Nothing else changes.",
  omit: "Omit Response Body",
  omitHint: "Answers without the run's ID and queue time.",
  validateFirst: "Validate before answering",
  validateFirstHint:
    "A payload that does not fit the schema is refused with 400 and the reasons. Off: it gets 200 and its run fails.",
  ordered: "One at a time, in order",
  orderedHint: "A run starts when the one before it has ended. Slower.",

  answering: "How it answers",

  // Who may send
  whoMaySend: "Who may send",
  proof: "Beside the URL, the sender proves itself with",
  proofs: {
    none: { label: "Nothing more" },
    header: { label: "A fixed header", description: "The same secret value in every request" },
    basic: { label: "User name and password", description: "HTTP Basic" },
    standardWebhooks: {
      label: "Standard Webhooks signature",
      description: "webhook-id, webhook-timestamp and webhook-signature",
    },
    svix: { label: "Svix signature", description: "svix-id, svix-timestamp and svix-signature" },
    github: { label: "GitHub's signature", description: "X-Hub-Signature-256" },
    stripe: { label: "Stripe's signature", description: "Stripe-Signature, with the time in it" },
    zoom: { label: "Zoom's signature", description: "x-zm-signature and x-zm-request-timestamp" },
    swapcard: { label: "Swapcard's signature", description: "X-Signature-256" },
    custom: { label: "Another signature", description: "An HMAC of the body in a header" },
  } satisfies Record<Proof, Named>,
  proofHints: {
    none: "Whoever knows the URL can send. That is what most event apps can do.",
    header: "The sender puts the secret into this header. Anything else is refused with 401.",
    basic: "The sender logs in with a user name and a password.",
    standardWebhooks:
      "The sender signs each delivery, with its time: an old one cannot be replayed.",
    svix: "The sender signs each delivery, with its time, as Svix does.",
    github: "The sender signs the body as GitHub does.",
    stripe: "The sender signs the body and its time as Stripe does.",
    zoom: "The sender signs the body and its time as Zoom does.",
    swapcard: "The sender signs the body as Swapcard does.",
    custom: "The sender signs the body and puts the signature into a header.",
  } satisfies Record<Proof, string>,
  proofHeader: "Header",
  proofPrefix: "In front of it",
  proofPrefixHints: {
    header: "What stands before the secret in the header, such as Bearer and a blank.",
    custom: "What stands before the signature in the header, such as sha256=.",
  },
  algorithm: "Hash",
  algorithms: [
    { id: "sha256", label: "SHA-256" },
    { id: "sha512", label: "SHA-512" },
    { id: "sha1", label: "SHA-1, for old senders only" },
  ],
  encoding: "Written as",
  encodings: [
    { id: "hex", label: "Hexadecimal digits" },
    { id: "base64", label: "Base64" },
    { id: "base64url", label: "Base64 for URLs" },
  ],
  tolerance: "Seconds its time may be off",
  toleranceHint: (blank: number | null) =>
    blank === null
      ? "An older delivery is refused with 401. Blank: any time is taken."
      : `An older delivery is refused with 401. Blank: ${String(blank)}. 0: any time is taken.`,
  toleranceHeader:
    "For a header such as t=1716800000,v1=…, where the time is signed too. Blank: any time is taken.",
  secretNames: {
    header: "Secret value",
    basic: "Password",
    standardWebhooks: "Signing secret",
    svix: "Signing secret",
    github: "Signing secret",
    stripe: "Signing secret",
    zoom: "Secret token",
    swapcard: "Signing secret",
    custom: "Signing secret",
  } satisfies Record<Exclude<Proof, "none">, string>,
  secretHints: {
    header: "8 characters or more. Kept in the keyring of this computer, never in the workflow.",
    basic: "Kept in the keyring of this computer, never in the workflow.",
    standardWebhooks:
      "As the sender shows it. Kept in the keyring of this computer, never in the workflow.",
    svix: "As the sender shows it. Kept in the keyring of this computer, never in the workflow.",
    github:
      "As it is set at the sender. Kept in the keyring of this computer, never in the workflow.",
    stripe:
      "As Stripe shows it, whsec_ included. Kept in the keyring of this computer, never in the workflow.",
    zoom: "The Secret Token of the app in Zoom. Kept in the keyring of this computer, never in the workflow.",
    swapcard: "As Swapcard shows it. Kept in the keyring of this computer, never in the workflow.",
    custom: "As the sender knows it. Kept in the keyring of this computer, never in the workflow.",
  } satisfies Record<Exclude<Proof, "none">, string>,
  secretLater: "Save the workflow once; then the secret can be set here.",
  noSecret: "No secret is set yet: every delivery is answered 503 until there is one.",
  secretIsSet: "A secret is set",
  secretBefore: (until: string) => `The one before works until ${until}.`,
  secretAnother: "another one",
  secretOverlap: "The secret before",
  secretRemove: "Remove the secret",
  secretRemoveTitle: "Remove the secret?",
  secretRemoveLead:
    "Every delivery that has to be verified is answered 503 until another secret is set, by you or by the sender's handshake.",
  secretKeep: "Set the secret",
  secretKept: "The secret is set. It counts from now on.",
  secretMake: "Make one up",
  secretCopy: "Copy it",
  secretMadeHint: "Copy it for the sender now: once set, it is not shown again.",
  secretNotWhole: "What follows whsec_ is not base64: copy the whole secret again.",
  user: "User name",
  userWrong: "A user name has no colon.",
  allowAddresses: "Only from these addresses",
  allowAddressesHint: "Blank: from anywhere. Others are refused with 403.",
  onePerLine: "one on a line",
  perSecond: "At most this many a second",
  perSecondHint: "Blank: no limit. What is too much is answered 429, and the sender tries again.",
  burst: "At once",
  burstHint: "How many may come together after a quiet time. Blank: 1.",
  cors: "Web pages that may send",
  corsHint: "Only for forms that send from a visitor's browser. * lets every page in.",

  // The same delivery again
  repeated: "When the same delivery comes again",
  repeatedBy: "A delivery is known by",
  repeatedKinds: [
    { id: "none", label: "Nothing: each one counts" },
    { id: "pointer", label: "A value of the payload" },
    { id: "header", label: "A header" },
    { id: "template", label: "A template" },
  ] as const,
  repeatedHints: {
    none: "The same payload twice makes two records.",
    some: "A second delivery with the same key is answered 200 and recorded once only.",
  },
  repeatedFrom: { header: "Header", pointer: "Place in the payload", template: "Template" },
  repeatedPointerHint: "Such as /messageId. Or click the value in the sample below.",
  notInSample: "not in this sample",
  window: "Hours it is remembered",
  windowHint: "1 to 720. Blank: 24.",

  // What is taken
  shape: "What is taken",
  wrapArray: "Take a list",
  wrapArrayHint: 'A payload that is a list arrives as {"items": […]}, as Bevy needs it.',
  acceptForm: "Take web forms",
  acceptFormHint:
    "A web form arrives as an object, as Swoogo and Jotform need it. A form with a file in it is refused.",
  preset: "Sender",
  presetHint: "Cvent tries the address with a GET before it sends; for Cvent that is answered.",
  presets: [
    { id: "", label: "Any" },
    { id: "cvent", label: "Cvent" },
    { id: "swapcard", label: "Swapcard" },
  ],
  handshake: "Check of the address",
  handshakeHint: "What the sender asks before it sends. It is answered and makes no run.",
  noHandshake: "None",
  handshakes: {
    cvent: { label: "Cvent", description: "A GET is answered 200" },
    zoom: {
      label: "Zoom",
      description: "endpoint.url_validation, answered with the secret of Zoom's signature",
    },
    graph: { label: "Microsoft Graph", description: "validationToken comes back as text" },
    cloudevents: {
      label: "CloudEvents, Azure Event Grid",
      description: "OPTIONS with WebHook-Request-Origin is allowed",
    },
    hookSecret: {
      label: "Asana",
      description: "X-Hook-Secret comes back; the first one is kept to verify signatures",
    },
    challenge: { label: "Slack, monday.com", description: "A challenge comes back" },
  } satisfies Record<(typeof handshakes)[number], Named>,
  maxBody: "Largest body, in bytes",
  maxBodyHint: "Blank: as in the settings. A larger one is answered 413.",
};
