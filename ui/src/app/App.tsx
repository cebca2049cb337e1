import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router/dom";
import { newQueryClient } from "../api/queries";
import { LiveProvider } from "./live";
import { newRouter } from "./routes";

export function App() {
  const [client] = useState(newQueryClient);
  const [router] = useState(newRouter);
  return (
    <QueryClientProvider client={client}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  );
}
