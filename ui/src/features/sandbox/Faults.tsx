import { useState } from "react";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { Select } from "../../components/Select";
import { toast } from "../../components/toast";
import { sandbox as words } from "../../i18n/en";
import {
  faultKinds,
  isKnownKind,
  newFault,
  readFaults,
  type Fault,
  type FaultKind,
} from "./faultKinds";
import styles from "./Sandbox.module.css";

const often = 2000;

/** What the sandbox does wrong on purpose. */
export function Faults() {
  const [watched, setWatched] = useState(false);
  // Faults wear off as requests come; no event tells.
  const { data, error, refetch } = useRead("sandbox_faults", {}, watched ? { every: often } : {});
  const set = useWrite("sandbox_faults");
  const faults = readFaults(data?.faults);
  const change = (next: unknown[]) => {
    set.mutate(
      { faults: next },
      {
        onSuccess: () => {
          setWatched(next.length > 0);
          void refetch();
        },
        onError: (problem) => {
          toast("bad", problem.message);
        },
      },
    );
  };
  const wholes = faults.map(({ whole }) => whole);
  return (
    <div className={styles.stack}>
      <p className="muted">{words.faultsLead}</p>
      <Card title={words.addFault}>
        <Adder
          isPending={set.isPending}
          onAdd={(kind, count) => {
            change([...wholes, newFault(kind, count)]);
          }}
        />
      </Card>
      <Card
        title={words.on}
        actions={
          faults.length > 1 && (
            <Button
              variant="quiet"
              onPress={() => {
                change([]);
              }}
            >
              {words.removeAll}
            </Button>
          )
        }
        flush
      >
        {data ? (
          faults.length === 0 ? (
            <p className={styles.padded}>{words.noFaults}</p>
          ) : (
            faults.map((fault, index) => (
              <Row
                key={index}
                fault={fault}
                onRemove={() => {
                  change(wholes.toSpliced(index, 1));
                }}
              />
            ))
          )
        ) : (
          <div className={styles.padded}>
            {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Skeleton />}
          </div>
        )}
      </Card>
    </div>
  );
}

function Adder({
  onAdd,
  isPending,
}: {
  onAdd: (kind: FaultKind, count: number | null) => void;
  isPending: boolean;
}) {
  const [kind, setKind] = useState<FaultKind>("dropAfterCommit");
  const [times, setTimes] = useState("1");
  return (
    <div className={styles.adder}>
      <Select<FaultKind>
        label={words.fault}
        options={faultKinds.map((id) => ({ id, ...words.kinds[id] }))}
        value={kind}
        onChange={setKind}
      />
      <Select
        label={words.times}
        options={[...words.timesOptions]}
        value={times}
        onChange={setTimes}
      />
      <Button
        icon="plus"
        isPending={isPending}
        onPress={() => {
          onAdd(kind, times === "all" ? null : Number(times));
        }}
      >
        {words.addFault}
      </Button>
    </div>
  );
}

function Row({ fault, onRemove }: { fault: Fault; onRemove: () => void }) {
  const known = isKnownKind(fault.kind) ? words.kinds[fault.kind] : undefined;
  return (
    <div className={styles.fault}>
      <div className="grow">
        <b>{known?.label ?? words.unknownFault}</b>{" "}
        <span className="muted">{words.left(fault.count)}</span>
        <div className="muted">{known?.description ?? fault.kind}</div>
      </div>
      <Button variant="quiet" onPress={onRemove}>
        {words.remove}
      </Button>
    </div>
  );
}
