// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.message.MimeFault;
import dev.stafette.engine.checks.CheckAction;
import dev.stafette.engine.checks.CheckListener;
import dev.stafette.engine.checks.CheckPart;
import dev.stafette.engine.checks.CheckVerb;
import dev.stafette.engine.checks.Edit;
import org.jspecify.annotations.Nullable;

/**
 * What smtp_header_checks and its like mean for a message that goes out: it may change, and nothing else.
 * Thread: a worker.
 */
final class ClientChecks implements CheckListener {
    /** Of a field or line that is logged. */
    private static final int CONTENT_MAX = 60;

    private final String queueId;
    private final Notes notes;

    // Owned by the worker.
    private boolean edits;
    private @Nullable String unavailable;

    /** The log. */
    interface Notes {
        void onNotice(String queueId, String text);

        void onWarning(String text);
    }

    ClientChecks(String queueId, Notes notes) {
        this.queueId = queueId;
        this.notes = notes;
    }

    /** Something is to change. */
    boolean areEdits() {
        return edits;
    }

    /** The tables that could not tell; null: all could. */
    @Nullable
    String unavailable() {
        return unavailable;
    }

    @Override
    public Edit onFound(CheckPart part, String map, String content, String result) {
        CheckAction action = CheckAction.parse(result);
        CheckVerb verb = action.verb();
        Edit edit = Edit.KEEP;
        if (verb == CheckVerb.PREPEND || verb == CheckVerb.REPLACE) {
            String mistake = action.mistake(part, map);
            if (mistake != null) {
                notes.onWarning(mistake);
                return Edit.KEEP;
            }
            edit = verb == CheckVerb.PREPEND ? Edit.prepend(action.text()) : Edit.replace(action.text());
        } else if (verb == CheckVerb.STRIP || verb == CheckVerb.IGNORE) {
            edit = Edit.DROP;
        } else if (verb != CheckVerb.WARN && verb != CheckVerb.INFO) {
            if (verb != CheckVerb.DUNNO && verb != CheckVerb.OK) {
                notes.onWarning("unsupported command in " + map + " map: " + result);
            }
            return Edit.KEEP;
        }
        edits |= edit != Edit.KEEP;
        if (verb != CheckVerb.IGNORE) {
            String start = content.substring(0, Math.min(CONTENT_MAX, content.length()));
            String text = action.text().isEmpty() ? "" : ": " + action.text();
            notes.onNotice(queueId, verb.logWord() + ": " + part.logWord() + " " + start + text);
        }
        return edit;
    }

    @Override
    public void onUnavailable(String map) {
        unavailable = map;
    }

    @Override
    public void onEmptyResult(String map, String content) {
        notes.onWarning(map + " lookup of " + content + " returns an empty string result");
        notes.onWarning(map + " should return NO RESULT in case of NOT FOUND");
        onUnavailable(map);
    }

    /** Nothing is refused on the way out. */
    @Override
    public void onRejectedCharacter(String content) {}

    @Override
    public void onFault(MimeFault fault, String content) {}

    @Override
    public boolean isOver() {
        return unavailable != null;
    }
}
