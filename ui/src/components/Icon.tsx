import styles from "./Icon.module.css";

/** Paths on a 20 × 20 grid, drawn with the text's colour. */
const paths = {
  dashboard: "M3 11h3.5l2-5.5 3.5 10 2-4.5H17",
  workflows: "M3.5 3.5h6v4.5h-6zM10.5 12h6v4.5h-6zM6.5 8v6.2h4",
  runs: "M4 5.5h12M4 10h12M4 14.5h8",
  sender: "M3 10.5l14-6.5-5 13-3-5.5z",
  sandbox: "M4 9l6-5 6 5v7.5H4z",
  connections:
    "M8.2 11.8a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.8 8.2a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1",
  settings: "M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 4v4M7.5 12v4",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4M12.7 12.7L16.5 16.5",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  cross: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  minus: "M5 10h10",
  plus: "M10 4.5v11M4.5 10h11",
  pause: "M7.5 5v10M12.5 5v10",
  play: "M7 5l8 5-8 5z",
  clock: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M10 6.5V10l2.5 2",
  question: "M7.5 7.2a2.6 2.6 0 1 1 3.6 2.6c-.8.4-1.1.8-1.1 1.7v.2M10 14.6v.1",
  hand: "M10 5v5.5M10 14.4v.1M10 2.8l7.4 13.4H2.6z",
  shield:
    "M10 3l5.5 2v4.5c0 3.5-2.3 6-5.5 7.5-3.2-1.5-5.5-4-5.5-7.5V5zM7.8 8l4.4 4.4M12.2 8l-4.4 4.4",
  gate: "M4 4.5h12L11.5 10v5l-3 1.5V10z",
  pencil: "M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2z",
  box: "M3.5 4.5h13v3.5h-13zM4.5 8v7.5h11V8M8 11h4",
  dot: "M10 8.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M10 4a6 6 0 1 1-6 6",
  copy: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3",
  chevronDown: "M5.5 8l4.5 4.5L14.5 8",
  chevronRight: "M8 5.5l4.5 4.5L8 14.5",
  chevronLeft: "M12 5.5L7.5 10l4.5 4.5",
  rerun: "M15.5 8A6 6 0 1 0 16 11M15.8 4.2V8H12",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  trash: "M4.5 6h11M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  webhook: "M10 3v6M6.2 5.2a6 6 0 1 0 7.6 0",
  table: "M3.5 4.5h13v11h-13zM3.5 8.5h13M8.5 8.5v7",
  link: "M11.5 4H16v4.5M16 4l-7 7M13.5 11.5V16H4V6.5h4.5",
  undo: "M7.5 4.5L4 8l3.5 3.5M4 8h7.5a4 4 0 0 1 0 8H9",
  redo: "M12.5 4.5L16 8l-3.5 3.5M16 8H8.5a4 4 0 0 0 0 8H11",
  up: "M10 15.5v-11M5.5 9L10 4.5 14.5 9",
  down: "M10 4.5v11M5.5 11l4.5 4.5 4.5-4.5",
  fit: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  grip: "M7.5 5h.01M7.5 10h.01M7.5 15h.01M12.5 5h.01M12.5 10h.01M12.5 15h.01",
} as const;

export type IconName = keyof typeof paths;

/** Decoration only: whatever it means is also said in words. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
