"""BL9xx: installation, settings, workspaces and runs."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL901": (
        "biolabel ships its grammar, knowledge bases and tasks beside its code, and one of these "
        "folders is missing. The installation is incomplete; install it again."
    ),
    "BL902": (
        "A task is a folder with a task.toml. The path is neither such a folder nor the name of a "
        "task that biolabel ships."
    ),
    "BL903": (
        "A task.toml names the task's documents, gold and settings. This one is no TOML, no UTF-8 text, "
        "has an unknown key, or a value out of range; the message names the place or the key."
    ),
    "BL904": "The folder that should hold the task's rules has no file that ends in .rules.",
    "BL905": "A file that a stage needs cannot be read.",
    "BL906": (
        "Results are kept in a workspace folder, which cannot be written. It needs room and the "
        "right to make files in it; `--workspace` names another one."
    ),
    "BL907": (
        "The command needs documents that neither the task nor the command line names: a corpus to "
        "learn from, or documents with gold to score on."
    ),
    "BL908": (
        "Scores compare predictions with gold, and the documents that were given for it carry "
        "nothing that the task predicts: no mentions, no relation under the name that `[gold.TASK]` "
        "of task.toml states, no labels of documents beside the file. Predictions do not need any."
    ),
    "BL909": (
        "`[gold.TASK]` of task.toml says how a relation of the rules stands in given annotations. "
        "The rules have no such relation task, or the task has no such label, so every score of it "
        "would be empty."
    ),
    "BL910": (
        "No rule voted on any candidate of this task, so there is nothing to learn from and nothing "
        "is predicted from rules. Candidates of a relation are pairs of mentions with concepts: "
        "where there are none, look at the entity rules and ontologies first."
    ),
    "BL911": (
        "A new task gets a folder of its own. Something has this name already, which is never "
        "overwritten, or the name is not made of letters, digits, - and _."
    ),
    "BL912": (
        "Editors talk to `biolabel lsp`, which needs packages that are not installed with biolabel "
        "itself: `pip install 'biolabel[lsp]'`."
    ),
    "BL913": (
        "`biolabel explain` tells what a code means that stands in a message, such as BL101. "
        "biolabel has no such code; without a code, all are listed."
    ),
    "BL920": (
        "A text with marks, such as {chemical: Heparin}, has a brace without a partner, a mark "
        "inside a mark, or one that holds no text."
    ),
    "BL921": (
        "A mark of a text names an argument that its task does not have. Arguments stand in the "
        "brackets of the relation; {other Chemical: morphine} marks a bystander."
    ),
    "BL922": (
        "A command names a rule, condition or pattern that the rule files do not have, or one that "
        "it cannot be used on."
    ),
    "BL923": ("A command names a document, or a pair of concepts, that the corpus does not have."),
    "BL924": (
        "The marked words, or the document, are no candidate of the task: the arguments stand too "
        "far apart for its `scope:`, in another `order:`, or its `when:` leaves them out."
    ),
    "BL925": (
        "A rule cannot be tried because a table that it looks things up in is not there. Large "
        "tables lie in the folder that the environment variable BIOLABEL_DATA names."
    ),
    "BL929": (
        "Work is shared among processes, and one of them ended in the middle of it. Most often the "
        "system ended it because memory was short: `--workers 1` does all in one process. What was "
        "finished before is kept, so the same command goes on from there."
    ),
    "BL930": (
        "A workspace that should hold a finished run does not: it has no manifest.json, or the stages "
        "that it names are gone or were written by another version. `biolabel run` with the same "
        "workspace re-uses what is still there."
    ),
    "BL931": (
        "One run at a time works in a workspace, because two would write the same results. Another "
        "process does; the message names it, its machine, and since when. Wait for it, end it, or "
        "give this run a `--workspace` of its own. Looking at results (`biolabel serve`, `why`) needs no "
        "turn. A run that was killed leaves nothing that would have to be removed."
    ),
    "BL932": (
        "Results and indices that are kept on disk have check sums. This file or folder is not as it "
        "was written: a disk failed, something else wrote there, or a copy is not complete. It is "
        "made again, and nothing is read from the damaged one; if it happens again, check the disk."
    ),
    "BL940": (
        "A model of a rule file takes its votes from a file, and no row of that file is about a "
        "document that is there, so its rules never vote. Most often the ids are written in another "
        "way (`PMID:123` for `123`), or the file was made from other documents."
    ),
    "BL941": (
        "A command is to use Dask (`--executor dask`), which is not installed. It is an extra of "
        "biolabel: pip install 'biolabel[dask]'. Without the option, processes of this machine do the "
        "work, and need nothing."
    ),
    "BL942": (
        "The scheduler of a Dask cluster cannot be reached, has no workers, or was lost in the middle of "
        "a run; or who listens at its address is somebody else, such as a worker, the dashboard of the "
        "scheduler, which has a port of its own, or a scheduler that speaks TLS to those who have its "
        "keys. Nothing is half-written: what was finished is kept, so the same command goes on from "
        "there once the cluster is back. docs/cluster.md says how to start one."
    ),
    "BL943": (
        "A worker of a Dask cluster cannot run the work, because its biolabel is another one (results "
        "are kept under the hash of the code that made them), or is missing. Install the same version "
        "on all machines, and start the workers anew."
    ),
    "BL944": (
        "A worker of a Dask cluster does not see the workspace. Workers read and write the workspace's "
        "files, so it must lie on a file system that all machines share, under the same path."
    ),
    "BL990": (
        "The editor of a server was asked for a rule file that the task does not have, or its text "
        "names a file outside of the task's folder. Whoever edits rules in a browser may read what "
        "belongs to the task, not what else lies on the machine; copy the file into the folder. It also "
        "refuses names that no new rule file may have, and keeps what another file imports."
    ),
    "BL991": (
        "A rule file was saved by somebody else since it was opened in the editor. Nothing was "
        "written: copy your text, open the file again and put your change into it. Or a new file was to "
        "have the name of one that is there."
    ),
    "BL992": ("A rule file in the editor is longer than any that is meant to be read by people."),
}
