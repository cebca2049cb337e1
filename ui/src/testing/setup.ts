import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// A busy machine draws slowly; what never comes still fails.
configure({ asyncUtilTimeout: 5000 });

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

// jsdom keeps no blobs behind addresses.
URL.createObjectURL = () => "blob:none";
URL.revokeObjectURL = () => undefined;

// jsdom lays nothing out: what measures or scrolls gets an answer that changes nothing.
Element.prototype.scrollIntoView = () => undefined;
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
