import { Card } from "./Card";
import { ErrorNote, Skeleton } from "./Notes";

/** In place of what was asked for: why it is not there and a way to ask again, or grey bars while it comes. */
export function Waiting({
  error,
  onRetry,
  lines,
  card = false,
}: {
  error: { message: string } | null | undefined;
  onRetry: () => void;
  /** About as high as what comes. */
  lines: number;
  /** On a card of its own, where what comes brings one. */
  card?: boolean;
}) {
  if (error) return <ErrorNote error={error} onRetry={onRetry} />;
  const bars = <Skeleton lines={lines} />;
  return card ? <Card>{bars}</Card> : bars;
}
