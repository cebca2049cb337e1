import type { Column } from "../api/bindings";

/** Fields of an iMIS activity: label, property, other names, type, longest text. */
const rows: [label: string, name: string, others: string, type: string, maxLength?: number][] = [
  ["ID", "PartyId", "iMIS ID|Contact ID|Member ID|Customer ID", "string", 10],
  ["Activity Type", "ACTIVITY_TYPE", "Type", "string", 10],
  ["Transaction Date", "TRANSACTION_DATE", "Date", "dateTime"],
  ["Description", "DESCRIPTION", "", "string", 255],
  ["Product Code", "PRODUCT_CODE", "Subtype", "string", 31],
  ["Note", "NOTE", "Notes", "string"],
  ["Note 2", "NOTE_2", "Follow-up", "string"],
  ["Quantity", "QUANTITY", "", "decimal"],
  ["Units", "UNITS", "", "decimal"],
  ["Amount", "AMOUNT", "", "monetary"],
  ["Source Code", "SOURCE_CODE", "Source", "string", 40],
  ["Source System", "SOURCE_SYSTEM", "", "string", 10],
  ["Category", "CATEGORY", "", "string", 15],
  ["Campaign Code", "CAMPAIGN_CODE", "Campaign", "string", 10],
  ["Action Codes", "ACTION_CODES", "Action", "string", 255],
  ["Status Code", "STATUS_CODE", "Status", "string", 1],
  ["Other Code", "OTHER_CODE", "", "string", 30],
  ["Other ID", "OTHER_ID", "", "string", 10],
  ["Co ID", "CO_ID", "Organization ID|Company ID", "string", 10],
  ["Solicitor ID", "SOLICITOR_ID", "", "string", 10],
  ["Effective Date", "EFFECTIVE_DATE", "", "dateTime"],
  ["Thru Date", "THRU_DATE", "Through Date", "dateTime"],
  ["Tickler Date", "TICKLER_DATE", "Reminder Date|Tickler", "dateTime"],
  ["Next Install Date", "NEXT_INSTALL_DATE", "Next Installment Date", "dateTime"],
  ["UF1", "UF_1", "User Field 1", "string", 255],
  ["UF2", "UF_2", "User Field 2", "string", 255],
  ["UF3", "UF_3", "User Field 3", "string", 255],
  ["UF4", "UF_4", "User Field 4", "decimal"],
  ["UF5", "UF_5", "User Field 5", "decimal"],
  ["UF6", "UF_6", "User Field 6", "dateTime"],
  ["UF7", "UF_7", "User Field 7", "dateTime"],
  ["Member Type", "MEMBER_TYPE", "Customer Type|Customer Type Code", "string", 5],
  ["Org Code", "ORG_CODE", "Financial Entity|Entity Code|Org", "string", 5],
  ["Pay Method", "PAY_METHOD", "Payment Method", "string", 50],
  ["Batch", "BATCH_NUM", "Batch Number", "string", 15],
  ["Taxable Value", "TAXABLE_VALUE", "", "monetary"],
  [
    "Memorial/Tribute Code",
    "MEM_TRIB_CODE",
    "Memorial Tribute Code|Member Tribute Code",
    "string",
    10,
  ],
  ["Intent To Edit", "INTENT_TO_EDIT", "", "string", 80],
  ["Originating Trans Num", "ORIGINATING_TRANS_NUM", "Originating Transaction Number", "integer"],
  ["Attach Seqn", "ATTACH_SEQN", "", "integer"],
  ["Attach Total", "ATTACH_TOTAL", "", "integer"],
  ["Grace Period", "GRACE_PERIOD", "", "integer"],
  ["Recurring Request", "RECURRING_REQUEST", "", "boolean"],
];

export type KnownColumn = Pick<Column, "name" | "type" | "maxLength" | "values"> & {
  label: string;
  others: string[];
  required: boolean;
};

const requiredFields = ["PartyId", "ACTIVITY_TYPE", "TRANSACTION_DATE"];

/** Required ones first, then those that people use, then the rest. */
export const activityColumns: KnownColumn[] = rows.map(
  ([label, name, others, type, maxLength]) => ({
    label,
    name,
    others: others === "" ? [] : others.split("|"),
    type,
    required: requiredFields.includes(name),
    ...(maxLength !== undefined && { maxLength }),
  }),
);

/** The columns of a panel that can be filled, from the site's metadata; rows are numbered by iMIS. */
export function panelColumns(columns: Column[]): KnownColumn[] {
  return columns
    .filter(({ name, readOnly }) => !readOnly && plain(name) !== "ordinal")
    .map(({ name, caption, aliases = [], type, maxLength, required, values }) => ({
      label: name,
      name,
      type,
      required,
      others: caption === undefined ? aliases : [caption, ...aliases],
      ...(maxLength !== undefined && { maxLength }),
      ...(values !== undefined && { values }),
    }));
}

/** Matching ignores case, blanks and underscores, as the server's does. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_]/g, "");
}

/** The column that a name as written means: label, property or another name. */
export function columnNamed(columns: KnownColumn[], written: string): KnownColumn | undefined {
  const wanted = plain(written);
  return columns.find(({ name, label, others }) =>
    [name, label, ...others].some((known) => plain(known) === wanted),
  );
}

/** Whether two names mean the same column, or are the same but for their spelling. */
export function sameColumn(columns: KnownColumn[], a: string, b: string): boolean {
  return plain(a) === plain(b) || columnNamed(columns, a) === (columnNamed(columns, b) ?? null);
}
