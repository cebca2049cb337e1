import { expect, test } from "vitest";
import { asFile } from "../../../../workflow/file";
import { wants } from "./wants";

test("what a workflow needs of a site is told once each, those in loops too, and only what is on", () => {
  const activity = (id: string, type: string) => ({
    id,
    type: "insertActivity",
    fields: { ActivityType: type },
  });
  const file = asFile({
    actions: [
      activity("a", "ATTEND"),
      activity("b", "{{ input.type }}"),
      { ...activity("c", "CALL"), enabled: false },
      {
        id: "d",
        type: "forEach",
        actions: [
          activity("e", "ATTEND"),
          { id: "f", type: "insertPanelRecord", panel: "Event_Attendance" },
        ],
      },
    ],
  });
  expect(wants(file)).toEqual(["activity type ATTEND", "panel Event_Attendance"]);
});
