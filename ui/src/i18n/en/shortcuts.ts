const control = navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl";

export const shortcuts = {
  title: "Keyboard shortcuts",
  groups: [
    {
      title: "Everywhere",
      keys: [
        ["Find a run, a member, a workflow or a screen", control, "K"],
        ["The same", "/"],
        ["This list", "?"],
        ["Close what is open, or go back from a run", "Esc"],
        ["Go on to the next part", "Tab"],
      ],
    },
    {
      title: "Go to",
      keys: [
        ["Dashboard", "G", "D"],
        ["Workflows", "G", "W"],
        ["Runs", "G", "R"],
        ["Sender", "G", "S"],
        ["Sandbox", "G", "B"],
        ["Connections", "G", "C"],
        ["Settings", "G", "E"],
      ],
    },
    {
      title: "In lists",
      keys: [
        ["Move between rows", "↑", "↓"],
        ["First and last row", "Home", "End"],
        ["Open", "Enter"],
        ["Choose the row, from its box", "Space"],
      ],
    },
  ] as { title: string; keys: [what: string, ...keys: string[]][] }[],
} as const;
