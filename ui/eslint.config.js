import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";

/** From a file of a feature, or of a folder in it, to the other features. */
const depths = ["../", "../../", "../../../", "../../../../"];

/** Features know the API and our controls, never one another. */
const features = [
  "dashboard",
  "workflows",
  "runs",
  "sender",
  "sandbox",
  "connections",
  "settings",
  "welcome",
  "guide",
  "handoff",
];

export default defineConfig(
  globalIgnores(["dist", "coverage", "src/api/bindings.ts"]),
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
      jsxA11y.flatConfigs.strict,
      reactHooks.configs.flat["recommended-latest"],
    ],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "Only src/api/tauri.ts knows the desktop." },
          ],
        },
      ],
    },
  },
  {
    files: ["src/components/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["**/api/*", "**/features/**", "**/app/*"],
              message: "Components know no API.",
            },
          ],
        },
      ],
    },
  },
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@tauri-apps/*", "**/app/*", "**/api/tauri", "**/api/http"],
              message: "Features use api/queries.",
            },
            {
              group: features
                .filter((other) => other !== feature)
                .flatMap((other) => depths.map((up) => `${up}${other}/*`)),
              message: "Features never import one another.",
            },
          ],
        },
      ],
    },
  })),
  {
    files: ["src/api/tauri.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    // A longer component needs a reason beside it.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["**/*.test.*"],
    rules: {
      "max-lines-per-function": ["error", { max: 150, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["src/i18n/**"], rules: { "max-lines": "off" } },
);
