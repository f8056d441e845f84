// Starts `biolabel lsp` and lets it answer for rule files; everything else is on the server's side.
const { workspace, window } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function activate(context) {
  const [command, ...args] = workspace.getConfiguration("biolabel").get("command");
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const server = { command, args, options: { cwd: folder } };
  const watcher = workspace.createFileSystemWatcher("**/{*.rules,task.toml}");
  client = new LanguageClient("biolabel", "biolabel", server, {
    documentSelector: [{ scheme: "file", language: "biolabel" }],
    synchronize: { fileEvents: watcher },
  });
  context.subscriptions.push(watcher);
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(
      `biolabel: cannot start \`${[command, ...args].join(" ")}\`: ${error.message}. ` +
        "Install it with: pip install 'biolabel[lsp]', or set biolabel.command."
    );
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
