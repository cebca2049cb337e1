import { useRead } from "../../api/queries";
import { Card } from "../../components/Card";
import { useMinute } from "../../components/RelativeTime";
import { Waiting } from "../../components/Waiting";
import { dashboard as words } from "../../i18n/en";
import { formatMinute, formatNumber } from "../../i18n/format";
import { ceiling, everyMinute } from "./buckets";
import styles from "./DeliveriesChart.module.css";

const minutes = 60;
const width = 600;
const height = 120;

export function DeliveriesChart() {
  const last = useMinute();
  const from = new Date(last - (minutes - 1) * 60_000).toISOString();
  const to = new Date(last + 60_000).toISOString();
  const { data, error, refetch } = useRead("stats", { from, to, bucket: "minute" }, { keep: true });
  const points = everyMinute(data?.buckets ?? [], last, minutes);
  const peak = points.reduce((most, point) => Math.max(most, point.received), 0);
  return (
    <Card
      title={words.chart}
      actions={data && <span className={styles.note}>{words.chartNote(peak)}</span>}
    >
      {data ? (
        <Chart points={points} peak={peak} />
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={5} />
      )}
    </Card>
  );
}

type Points = ReturnType<typeof everyMinute>;

function Chart({ points, peak }: { points: Points; peak: number }) {
  const top = ceiling(peak);
  const x = (index: number) => (index * width) / (minutes - 1);
  const y = (value: number) => height - (value / top) * height;
  const line = points
    .map(({ received }, index) => `${x(index).toFixed(1)} ${y(received).toFixed(1)}`)
    .join("L");
  const step = width / (minutes - 1);
  return (
    <div className={styles.chart}>
      <div className={styles.axis} aria-hidden="true">
        <span>{formatNumber(top)}</span>
        <span>{formatNumber(top / 2)}</span>
        <span>0</span>
      </div>
      <div className={styles.plot}>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary(points, peak)}
        >
          <path
            className={styles.grid}
            d={[0, height / 2, height].map((at) => `M0 ${at}H${width}`).join("")}
          />
          {peak > 0 && (
            <>
              <path className={styles.area} d={`M${line}L${width} ${height}L0 ${height}Z`} />
              <path className={styles.line} d={`M${line}`} />
              {points.map(({ at, bad }, index) =>
                bad > 0 ? (
                  <rect
                    key={at}
                    className={styles.bad}
                    x={Math.min(width - step * 0.6, Math.max(0, x(index) - step * 0.3))}
                    width={step * 0.6}
                    y={y(bad)}
                    height={height - y(bad)}
                  />
                ) : null,
              )}
            </>
          )}
        </svg>
        {peak === 0 && <p className={styles.none}>{words.chartEmpty}</p>}
      </div>
      <Legend points={points} />
    </div>
  );
}

function Legend({ points }: { points: Points }) {
  const [first, last] = [points[0], points.at(-1)];
  return (
    <div className={styles.legend}>
      <span className={styles.time} aria-hidden="true">
        {first && formatMinute(new Date(first.at).toISOString())}
      </span>
      <span className={styles.keys}>
        <span className={styles.keyLine}>{words.received}</span>
        <span className={styles.keyBad}>{words.failedOrRejected}</span>
      </span>
      <span className={styles.time} aria-hidden="true">
        {last && formatMinute(new Date(last.at).toISOString())}
      </span>
    </div>
  );
}

function summary(points: Points, peak: number): string {
  const top = points.find((point) => point.received === peak);
  if (peak === 0 || !top) return words.chartEmptyLabel;
  const total = (key: "received" | "bad") => points.reduce((sum, point) => sum + point[key], 0);
  return words.chartLabel(
    total("received"),
    total("bad"),
    peak,
    formatMinute(new Date(top.at).toISOString()),
  );
}
