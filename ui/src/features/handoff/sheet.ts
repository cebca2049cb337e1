import type { Settings } from "../../api/bindings";
import { handoff as words } from "../../i18n/en";
import { formatBytes } from "../../i18n/format";
import {
  asObject,
  flag,
  isEnabled,
  pretty,
  schemaOf,
  text,
  type Json,
  type WorkflowFile,
} from "../../workflow/file";
import { checkInPayload } from "../../workflow/samples";
import { describe, type Described } from "../../workflow/schemaWords";

/** Rows of a table: a name and what is said of it. */
type Row = [name: string, said: string];

/** The hand-off sheet, whatever it is written as. */
export type Sheet = {
  title: string;
  description: string;
  url: string;
  headers: Row[];
  /** What is to be agreed on another way; empty where nothing is. */
  secret: string;
  sample: string;
  schema: Described[];
  answers: Row[];
  retry: string[];
  tests: Row[];
};

export function sheetOf(file: WorkflowFile, url: string, settings: Settings): Sheet {
  const validation = file.actions.find(
    (action) => isEnabled(action) && action.type === "jsonSchemaValidation",
  );
  const { trigger } = file;
  const scenarios = file.scenarios ?? [];
  const good = flag(trigger, "return202Accepted", false) ? 202 : 200;
  const sample = scenarios.find(({ expect }) => (expect?.answer ?? good) < 300)?.payload;
  return {
    title: file.name,
    description: text(file, "description"),
    url,
    headers: headersOf(trigger),
    secret: secretOf(asObject(trigger.authentication)),
    sample: pretty(sample ?? checkInPayload),
    schema: validation ? describe(schemaOf(validation)) : [],
    answers: answersOf(trigger, good, settings.maxBodyBytes),
    retry: [...words.retry],
    tests: scenarios.map(({ name, payload, expect }) => [
      words.test(name, expect?.answer ?? good),
      JSON.stringify(payload),
    ]),
  };
}

function headersOf(trigger: Json): Row[] {
  const asked = asObject(trigger.authentication);
  const kind = text(asked, "kind");
  const from = text(asObject(trigger.idempotency), "from");
  return [
    ["Content-Type", "application/json"],
    ...(kind === "" ? [] : [signature(asked)]),
    ...(from.startsWith("header:") ? [[from.slice(7), words.idempotency] as Row] : []),
  ];
}

function signature(asked: Json): Row {
  const kind = text(asked, "kind");
  if (kind === "basic") return ["Authorization", words.basic];
  const scheme = text(asked, "scheme") || "custom";
  const known = words.schemes[scheme];
  if (kind === "hmac" && known) return [known.header, known.said];
  const header = text(asked, "header") || "Authorization";
  if (kind === "header") return [header, words.header(text(asked, "prefix"))];
  return [
    header,
    words.hmac(
      text(asked, "algorithm") || "SHA-256",
      text(asked, "encoding") || "hex",
      text(asked, "prefix"),
    ),
  ];
}

function secretOf(asked: Json): string {
  return text(asked, "kind") === "" ? words.urlIsSecret : words.secretApart;
}

function answersOf(trigger: Json, good: number, maxBodyBytes: number): Row[] {
  const { answers } = words;
  const isSilent = flag(trigger, "omitResponseBody", false);
  return [
    [String(good), isSilent ? answers.goodSilent : answers.good],
    ["400", answers.bad],
    ["401", answers.unauthorized],
    ["405, 415", answers.form],
    ["413", answers.large(formatBytes(maxBodyBytes))],
    ["429", answers.often],
    ["503", answers.later],
  ];
}
