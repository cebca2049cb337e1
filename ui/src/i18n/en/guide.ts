import { plural } from "../format";

export const guide = {
  title: "My first live workflow",
  lead: "From the sandbox to your own iMIS. Each step ticks itself off when it is done.",
  progress: (done: number, all: number) =>
    done === all
      ? "Your first live workflow is running."
      : `${done} of ${all} steps to your first live workflow`,
  goTo: (step: string) => `Do it: ${step}`,
  steps: {
    tried: {
      title: "See a check-in become an activity",
      text: "The tour sends one to the sandbox.",
      action: "Take the tour",
    },
    connected: {
      title: "Add your iMIS",
      text: "Its address and an account that may insert activities. A test site first, if you have one.",
      action: "Add it",
    },
    usable: {
      title: "Make sure that the account works",
      text: "The test asks iMIS for what the workflows need and writes nothing.",
      action: "Test it",
    },
    chosen: {
      title: "Let a workflow write there",
      text: "Choose the connection in the workflow; it says what does not fit, such as an activity type that is not there.",
      action: "Open the workflow",
    },
    reachable: {
      title: "Make this computer reachable",
      text: "The public address is what the event app sends to: a reverse proxy or a tunnel stands in front.",
      action: "Set the address",
    },
    active: {
      title: "Publish and activate it",
      text: "From then on it receives.",
      action: "Open the workflow",
    },
    tested: {
      title: "Send one test to it",
      text: "With a member made for testing. Look at the activity in iMIS, then undo it from the run's page.",
      action: "Open the sender",
    },
    handedOver: {
      title: "Give the hand-off sheet to the vendor",
      text: "One page with the address, a sample, the answers and when to send again.",
      action: "Open the sheet",
    },
  },
  sample: {
    title: "Sample data",
    lead: "Runs that wrote to the sandbox, and everything the sandbox holds. Your workflows stay.",
    button: "Remove the sample data",
    ask: "Remove the sample data?",
    text: "All finished runs that wrote to the sandbox go, with their payloads, and the sandbox is as on the first day. Runs of your own iMIS and all workflows stay.",
    done: (runs: number) => `The sandbox is as new. ${plural(runs, "run")} removed.`,
  },
} as const;
