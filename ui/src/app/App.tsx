import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { RouterProvider } from "react-router/dom";
import { newQueryClient } from "../api/queries";
import { LiveProvider } from "./live";
import { newRouter } from "./routes";
import { fetchScreens } from "./screens";

export function App() {
  const [client] = useState(newQueryClient);
  const [router] = useState(newRouter);
  useEffect(() => {
    // Not while the first screen is still drawing.
    const timer = setTimeout(() => void fetchScreens(), 1500);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <QueryClientProvider client={client}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  );
}
