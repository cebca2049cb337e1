import type { RunStatus } from "../../api/bindings";
import { sender as words } from "../../i18n/en";
import { activityColumns, columnNamed } from "../../workflow/activity";
import {
  allActions,
  asList,
  asObject,
  flag,
  isEnabled,
  pretty,
  schemaOf,
  templates,
  text,
  type Action,
  type Json,
  type WorkflowFile,
} from "../../workflow/file";
import { onlyName } from "../../workflow/path";
import { formatOf } from "../../workflow/schemaFormat";

/** Something to send, and what should come of it. */
export type Scenario = {
  id: string;
  name: string;
  /** In the workflow's file; the others are made from its schema. */
  kept: boolean;
  /** Undefined: no body at all. */
  body: string | undefined;
  contentType: string;
  expect: { answer: number; status?: RunStatus };
};

type Made = { id: string; name: string; payload: Json; refused: boolean };

/** The workflow's own scenarios, then what its schema and its fields suggest to try. */
export function scenariosOf(file: WorkflowFile): [Scenario, ...Scenario[]] {
  const base = basePayload(file);
  const good = flag(file.trigger, "return202Accepted", false) ? 202 : 200;
  const checked = leadingSchema(file);
  const refused: Scenario["expect"] = flag(file.trigger, "validateBeforeAnswering", true)
    ? { answer: 400, status: "rejected" }
    : { answer: good, status: "failed" };
  const failed: Scenario["expect"] = { answer: good, status: "failed" };
  const made = [...fromSchema(checked ?? {}, base), ...fromFields(file, base)].map(
    (one): Scenario => ({
      id: one.id,
      name: one.name,
      kept: false,
      body: pretty(one.payload),
      contentType: "application/json",
      expect: one.refused ? refused : failed,
    }),
  );
  const [first, ...kept] = (file.scenarios ?? []).map(
    ({ name, payload, expect }, index): Scenario => ({
      id: `kept ${index}`,
      name,
      kept: true,
      body: pretty(payload),
      contentType: "application/json",
      expect: {
        answer: expect?.answer ?? good,
        ...(expect?.status !== undefined && { status: expect.status as RunStatus }),
      },
    }),
  );
  const valid: Scenario = {
    id: "valid",
    name: words.valid,
    kept: false,
    body: pretty(base),
    contentType: "application/json",
    expect: { answer: good, status: "succeeded" },
  };
  const needsBody = asList(checked?.required).length > 0;
  return [
    first ?? valid,
    ...kept,
    ...made,
    broken("notJson", pretty(base).replace(/\}\s*$/, ""), 400),
    broken("list", JSON.stringify([base]), 400),
    { ...broken("plainText", pretty(base), 400), contentType: "text/plain" },
    {
      ...broken("noBody", undefined, good),
      expect: needsBody ? refused : { answer: good },
    },
  ];
}

function broken(
  id: "notJson" | "list" | "plainText" | "noBody",
  body: string | undefined,
  answer: number,
): Scenario {
  return {
    id,
    name: words[id],
    kept: false,
    body,
    contentType: "application/json",
    expect: { answer },
  };
}

/** The schema that answers while the sender waits: of the validations that stand before everything else. */
function leadingSchema(file: WorkflowFile): Json | undefined {
  const first = file.actions.find(isEnabled);
  if (first?.type !== "jsonSchemaValidation") return undefined;
  const plain =
    (first.onFailure ?? "fail") === "fail" &&
    text(first, "errorProperty") === "" &&
    text(first, "path") === "";
  return plain ? schemaOf(first) : undefined;
}

function basePayload(file: WorkflowFile): Json {
  const kept = (file.scenarios ?? []).find(({ expect }) => (expect?.answer ?? 200) < 300)?.payload;
  if (kept !== undefined) return asObject(kept);
  return asObject(example(leadingSchema(file) ?? {}));
}

/** A value that fits a simple schema. */
function example(schema: Json): unknown {
  const fixed = schema.const ?? asList(schema.enum)[0] ?? schema.default;
  if (fixed !== undefined) return fixed;
  const type = Array.isArray(schema.type) ? (schema.type[0] as unknown) : schema.type;
  if (type === "string") return formats[formatOf(schema).format] ?? "text";
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return true;
  if (type === "array") return schema.items === undefined ? [] : [example(asObject(schema.items))];
  const members = Object.entries(asObject(schema.properties));
  return Object.fromEntries(members.map(([name, member]) => [name, example(asObject(member))]));
}

const formats: Record<string, string> = {
  "date-time": "2026-05-27T09:15:00",
  date: "2026-05-27",
  time: "09:15:00",
  email: "ada@example.org",
  uri: "https://example.org/",
  uuid: "5f1a7a1e-53c8-4d0c-9a43-1f0f2f3c9e10",
};

function fromSchema(schema: Json, base: Json): Made[] {
  const properties = asObject(schema.properties);
  const missing = asList(schema.required)
    .filter((name) => typeof name === "string")
    .map((name) => ({
      id: `missing ${name}`,
      name: words.missing(name),
      payload: without(base, name),
      refused: true,
    }));
  const wrong = Object.entries(properties).flatMap(([name, value]): Made[] => {
    const member = asObject(value);
    const made: Made[] = [];
    const { format } = formatOf(member);
    if (format in formats) {
      made.push({
        id: `format ${name}`,
        name: words.wrongFormat(name, words.formats[format] ?? format),
        payload: { ...base, [name]: words.wrongValue },
        refused: true,
      });
    }
    if (typeof member.type === "string") {
      const other = member.type === "string" ? 42 : words.wrongValue;
      made.push({
        id: `type ${name}`,
        name: words.wrongType(name, words.types[member.type] ?? member.type),
        payload: { ...base, [name]: other },
        refused: true,
      });
    }
    return made;
  });
  return [...missing, ...wrong];
}

/** What the schema lets through and iMIS will not take: an unknown member, a value too long. */
function fromFields(file: WorkflowFile, base: Json): Made[] {
  const inserts = allActions(file.actions).filter(
    (action) => isEnabled(action) && action.type === "insertActivity",
  );
  const made = inserts.flatMap((action) => fieldFaults(action, base));
  return made.filter((one, index) => made.findIndex(({ id }) => id === one.id) === index);
}

const noSuchMember = "99999999";

function fieldFaults(action: Action, base: Json): Made[] {
  return templates(action, "fields").flatMap(([written, template]): Made[] => {
    const column = columnNamed(activityColumns, written);
    const name = onlyName(template);
    if (!column || name === undefined || typeof base[name] !== "string") return [];
    if (column.name === "PartyId") {
      return [
        {
          id: "unknown member",
          name: words.unknownMember,
          payload: { ...base, [name]: noSuchMember },
          refused: false,
        },
        {
          id: `blank ${name}`,
          name: words.blank(name),
          payload: { ...base, [name]: "" },
          refused: false,
        },
      ];
    }
    if (column.maxLength === undefined) return [];
    return [
      {
        id: `long ${name}`,
        name: words.tooLong(name, column.label),
        payload: { ...base, [name]: "X".repeat(column.maxLength + 1) },
        refused: false,
      },
    ];
  });
}

function without(base: Json, name: string): Json {
  return Object.fromEntries(Object.entries(base).filter(([key]) => key !== name));
}
