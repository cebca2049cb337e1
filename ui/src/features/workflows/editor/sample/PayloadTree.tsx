import { useEffect, useRef, useState } from "react";
import { Button, Collection, Tree, TreeItem, TreeItemContent } from "react-aria-components";
import { cx } from "../../../../components/cx";
import { Icon } from "../../../../components/Icon";
import { SearchField } from "../../../../components/TextField";
import { visible } from "../../../../components/visible";
import { workflows as words } from "../../../../i18n/en";
import { formatNumber } from "../../../../i18n/format";
import {
  branches,
  dotted,
  insertion,
  isBranch,
  pathType,
  type Path,
} from "../../../../workflow/path";
import { findRows, firstOpen, rowsOf, type TreeRow } from "./payloadRows";
import styles from "./PayloadTree.module.css";

const someMembers = 12;
const longest = 160;

/** The payload as it came: choose or drag a value to take it into the template. */
export function PayloadTree({ value, onTake }: { value: unknown; onTake: (path: Path) => void }) {
  const [open, setOpen] = useState(() => firstOpen(value));
  const [shown, setShown] = useState<Record<string, number>>({});
  const [sought, setSought] = useState("");
  const rows = sought.trim() === "" ? rowsOf(value, [], open, shown) : findRows(value, sought);
  const frame = useDraggedPaths();
  const sizes = [value, ...(isBranch(value) ? branches(value).map(([, member]) => member) : [])];
  const many = sizes.some((each) => isBranch(each) && Object.keys(each).length > someMembers);
  return (
    <div ref={frame}>
      {many && <SearchField label={words.findInPayload} value={sought} onChange={setSought} />}
      {rows.length === 0 && <p className="muted">{words.nothingInPayload}</p>}
      <Tree
        aria-label={words.payload}
        className={styles.tree ?? ""}
        expandedKeys={open}
        onExpandedChange={(keys) => {
          setOpen(new Set([...keys].map(String)));
        }}
      >
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            onTake={onTake}
            onMore={(id, count) => {
              setShown({ ...shown, [id]: count });
            }}
          />
        ))}
      </Tree>
    </div>
  );
}

function Row({
  row,
  onTake,
  onMore,
}: {
  row: TreeRow;
  onTake: (path: Path) => void;
  onMore: (id: string, count: number) => void;
}) {
  const text = visible(row.text, longest);
  const name = visible(row.name, longest);
  if (row.kind === "more") {
    return (
      <TreeItem
        id={row.id}
        textValue={words.showMore(formatNumber(row.left))}
        className={styles.row ?? ""}
        onAction={() => {
          onMore(row.of, row.count);
        }}
      >
        <TreeItemContent>
          <span className={styles.more}>{words.showMore(formatNumber(row.left))}</span>
        </TreeItemContent>
      </TreeItem>
    );
  }
  return (
    <TreeItem
      id={row.id}
      textValue={words.takeValue(visible(dotted(row.path)), text)}
      className={styles.row ?? ""}
      hasChildItems={row.kind === "branch"}
      onAction={() => {
        onTake(row.path);
      }}
    >
      <TreeItemContent>
        {row.kind === "branch" && (
          <Button slot="chevron" className={styles.chevron ?? ""}>
            <Icon name="chevronRight" size={12} />
          </Button>
        )}
        <span className={styles.drag} draggable data-path={JSON.stringify(row.path)}>
          <span className={styles.name} dir="auto">
            {name}
          </span>
          <span className={cx(styles.value, styles[row.kind])} dir="auto">
            {text}
          </span>
          {row.note !== undefined && <span className="faint">{row.note}</span>}
        </span>
      </TreeItemContent>
      <Collection>
        {row.inside.map((each) => (
          <Row key={each.id} row={each} onTake={onTake} onMore={onMore} />
        ))}
      </Collection>
    </TreeItem>
  );
}

/** A dragged value carries its path, and the template for fields that take any text. */
function useDraggedPaths() {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    const begin = ({ target, dataTransfer }: DragEvent) => {
      const data = target instanceof HTMLElement ? target.dataset.path : undefined;
      if (data === undefined || !dataTransfer) return;
      dataTransfer.setData(pathType, data);
      dataTransfer.setData("text/plain", insertion(JSON.parse(data) as Path, "") ?? "");
      dataTransfer.effectAllowed = "copy";
    };
    element?.addEventListener("dragstart", begin);
    return () => {
      element?.removeEventListener("dragstart", begin);
    };
  }, []);
  return frame;
}
