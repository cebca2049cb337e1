import { Panel, useReactFlow } from "@xyflow/react";
import { Button } from "../../../../components/Button";
import { workflows as words } from "../../../../i18n/en";
import styles from "./Canvas.module.css";

export function ZoomButtons() {
  const flow = useReactFlow();
  return (
    <Panel position="bottom-right" className={styles.zoom ?? ""}>
      <Button
        variant="quiet"
        icon="minus"
        aria-label={words.zoomOut}
        onPress={() => void flow.zoomOut()}
      />
      <Button
        variant="quiet"
        icon="plus"
        aria-label={words.zoomIn}
        onPress={() => void flow.zoomIn()}
      />
      <Button
        variant="quiet"
        icon="fit"
        aria-label={words.zoomFit}
        onPress={() => void flow.fitView({ padding: 0.08, maxZoom: 1 })}
      />
    </Panel>
  );
}
