import { Button } from "../../../../components/Button";
import { Sheet } from "../../../../components/ConfirmDialog";
import { JsonView } from "../../../../components/JsonView";
import { common, workflows as words } from "../../../../i18n/en";
import { pretty, text, type Json } from "../../../../workflow/file";

/** The workflow as a file: to read, to copy, to keep. Secrets and the URL are not in it. */
export function ExportSheet({
  file,
  isOpen,
  onClose,
}: {
  file: Json;
  isOpen: boolean;
  onClose: () => void;
}) {
  return (
    <Sheet
      title={words.exportTitle}
      wide
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {common.close}
          </Button>
          <Button
            variant="primary"
            onPress={() => {
              download(file);
            }}
          >
            {words.saveAs}
          </Button>
        </>
      }
    >
      <p className="muted">{words.exportLead}</p>
      <JsonView value={file} />
    </Sheet>
  );
}

function download(file: Json) {
  const name = text(file, "name").replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "workflow";
  const url = URL.createObjectURL(new Blob([pretty(file)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name.toLowerCase()}.ihook.json`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 1000);
}
