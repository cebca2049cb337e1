import { formatNumber } from "../format";

export const progress = {
  took: (time: string) => `took ${time}`,
  openRun: "Open the run",
  steps: "Steps so far",
  andMore: (count: number) => `And ${formatNumber(count)} more.`,
  seeMember: (id: string) => `See member ${id} in the sandbox`,
  wrote: "What was written",
} as const;
