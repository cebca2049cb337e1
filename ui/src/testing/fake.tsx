import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import type { ReactElement } from "react";
import { RouterProvider } from "react-aria-components";
import {
  createMemoryRouter,
  type RouteObject,
  RouterProvider as Routes,
  useHref,
  useNavigate,
} from "react-router";
import { vi } from "vitest";
import type { WireError } from "../api/bindings";
import type { CommandName, Request, Response as Answer } from "../api/call";
import { newQueryClient } from "../api/queries";
import { ToastRegion } from "../components/ToastRegion";

type Answers = { [C in CommandName]?: Answer<C> | ((request: Request<C>) => Answer<C>) };

/** Thrown by an answer to refuse. */
export class Refusal extends Error {
  readonly status: number;
  readonly wire: WireError;
  constructor(status: number, wire: WireError) {
    super(wire.message);
    this.status = status;
    this.wire = wire;
  }
}

export type Fake = {
  /** What was asked, in order. */
  asked: { command: string; request: unknown }[];
  /** Change how it answers from now on. */
  answers: Answers;
};

/** Answers commands in place of the server; events never come. */
export function fakeServer(answers: Answers): Fake {
  const fake: Fake = { asked: [], answers };
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    const command = path.replace("rpc/", "");
    const request = JSON.parse(init.body as string) as unknown;
    fake.asked.push({ command, request });
    return Promise.resolve(answer(fake.answers[command as CommandName], request));
  });
  return fake;
}

function answer(given: unknown, request: unknown): Response {
  try {
    if (given === undefined) throw new Refusal(404, { code: "notFound", message: "No answer." });
    const value =
      typeof given === "function" ? (given as (request: unknown) => unknown)(request) : given;
    return Response.json(value);
  } catch (error) {
    if (error instanceof Refusal) return Response.json(error.wire, { status: error.status });
    throw error;
  }
}

/** Shows one screen at one address, as the app would; every other address leads `elsewhere`. */
export function showAt(
  screen: ReactElement,
  address = "/",
  pattern = "*",
  elsewhere: RouteObject = { element: <p>elsewhere</p> },
) {
  const router = createMemoryRouter(
    [
      { path: pattern, element: <Frame>{screen}</Frame> },
      { ...elsewhere, path: "*" },
    ],
    { initialEntries: [address] },
  );
  const client = newQueryClient();
  const view = render(
    <QueryClientProvider client={client}>
      <Routes router={router} />
    </QueryClientProvider>,
  );
  return { ...view, router, client, user: userEvent.setup() };
}

function Frame({ children }: { children: ReactElement }) {
  const navigate = useNavigate();
  return (
    <RouterProvider navigate={(path) => void navigate(path)} useHref={useHref}>
      {children}
      <ToastRegion />
    </RouterProvider>
  );
}
