"""The words of the pages on which analysts make a study."""

from __future__ import annotations

from vigie.language import N_

ENDINGS = {  # of a run that could not say so itself: what happened, and what to do
    "broken": (N_("The run broke off."),
               N_("Its log says where. Try again; if it breaks off again, send the log to whoever runs the site.")),
    "killed": (N_("The run was ended by the system."), N_("Is there memory enough? Free some, and try again.")),
    "stopped": (N_("The machine stopped during the run."), N_("Try again: what the run had read stands.")),
}  # fmt: skip
WORKSHOP = {
    "workshop": N_("Study"), "data": N_("Data"), "files": N_("Files"), "versions": N_("Versions"),
    "version": N_("Version"), "see_figures": N_("See the figures"),
    "workshop_parts": N_("Parts of the study"), "not_run": N_("not computed yet"), "of_version": N_("version"),
    "no_data": N_("printed figures"), "file": N_("File"),
    "last_run": N_("Last run:"), "never_run": N_("The study has not been run yet."),
    "all_versions": N_("All versions"), "new_file": N_("New file"), "open": N_("Open"),
    "new_file_hint": N_("For example margins/2025.csv or grids/chat.yaml."),
    "editor": N_("Text of the file"), "keep_version": N_("Keep as a new version"), "check": N_("Check"),
    "remove": N_("Take the file out"), "no_problem": N_("No problem was found."),
    "suggestions": N_("Suggestions"), "editor_hint": N_("Ctrl and space: what may stand at the cursor."),
    "meanwhile": N_("Meanwhile somebody kept another version of this file. Your text is below, whole. What differs:"),
    "theirs": N_("The last version, compared with the one that you began with"),
    "yours": N_("Your text, compared with the last version"),
    "keep_anyway": N_("Keep mine as a new version"),
    "take_back": N_("Take this version back"),
    "take_back_hint": N_("Makes a new version that is equal to this one; nothing is lost."),
    "against": N_("Compared with version"), "compare_versions": N_("Compare"), "instrument": N_("What is measured"),
    "instrument_same": N_("The figures of all waves are measured as before."),
    "unreadable": N_("One of the two versions has problems that this software finds: what is measured cannot be told."),
    "alike": N_("The two versions are alike."), "too_long": N_("The lines are not shown."),
    "line_before": N_("Line before"), "line_after": N_("Line after"), "text": N_("Text"),
    "expected": N_("Expected as"), "stands": N_("Stands"), "example": N_("example, drawn at random"),
    "examples_note": N_("The study came with examples drawn at random. Put your files in their place."),
    "drop": N_("Bring the files of a wave"), "drop_here": N_("Drop files here, or choose them:"),
    "new_wave": N_("another wave"), "new_wave_name": N_("Name of the other wave"), "holds": N_("The files hold"),
    "put_beside": N_("Put them beside the files that stand, not in their place"),
    "since_version": N_("since version"), "formats": N_("Read are:"), "publish_all": N_("Publish to everybody"),
    "to_publish": N_("See the waves and publish them"), "template": N_("Template"),
    "template_new": N_("From a template"),
    "template_hint": N_("A study with example data that runs at once; you change what you like."),
    "study_id": N_("Short name"), "study_id_hint": N_("Small letters, digits and _, beginning with a letter."),
    "study_title": N_("Title"), "reports_in": N_("Language of the reports"), "zip_new": N_("From a folder"),
    "table_new": N_("From a file of answers"), "propose": N_("Propose a study"),
    "table_hint": N_("A question is proposed for each column; you put it into words. Columns of names are left out."),
    "table_file": N_("File with one row per person"), "asked_in": N_("Language of the questions"),
    "begin": N_("Begin"), "french": N_("French"), "english": N_("English"), "both_languages": N_("French and English"),
}  # fmt: skip
