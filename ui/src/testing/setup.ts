import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

/** What the test environment lacks and no test is about. */
class NoResize implements ResizeObserver {
  observe() {
    // Nothing is laid out, so nothing resizes.
  }
  unobserve() {
    // As above.
  }
  disconnect() {
    // As above.
  }
}
vi.stubGlobal("ResizeObserver", NoResize);

afterEach(() => {
  cleanup();
});

// jsdom lays nothing out: what measures or scrolls gets an answer that changes nothing.
Element.prototype.scrollIntoView = () => undefined;
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
