import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The oldest engines that have light-dark() and the rest of what the styles use. */
const engines = ["chrome123", "safari17.5"];

export default defineConfig({
  base: "./",
  plugins: [react({ babel: { plugins: ["babel-plugin-react-compiler"] } })],
  build: {
    target: engines,
    cssTarget: engines,
    // The desktop loads from disk and the browser host is loopback: one font file is no burden.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    // `npm run dev` talks to a running `ihook serve`.
    proxy: { "/rpc": "http://127.0.0.1:8788", "/events": "http://127.0.0.1:8788" },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    // A test that reads the styles as text gets the text.
    css: { include: /\?raw$/, modules: { classNameStrategy: "non-scoped" } },
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
