import { useRead } from "../../api/queries";

/** Milliseconds; that a request is a day old is no event. */
const often = 10 * 60 * 1000;

/** Requests that were refused in the last day, by workflow and answer. */
export function useRefused() {
  return useRead("delivery_groups", {}, { every: often }).data;
}
