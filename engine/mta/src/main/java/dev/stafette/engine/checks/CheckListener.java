// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.codec.message.MimeFault;
import dev.stafette.engine.table.TableAnswer;
import java.util.function.Supplier;

/**
 * Whoever acts on what a walk through a message finds. What it was found in comes as the log may show it.
 * Thread: that of the walk.
 */
public interface CheckListener {
    /** A table has an answer. {@code part}: what it is about. Returns what becomes of that. */
    Edit onFound(CheckPart part, String map, String content, String result);

    /** A table cannot tell. */
    void onUnavailable(String map);

    /** A table has found what means nothing; Postfix takes that for a mistake. */
    void onEmptyResult(String map, String content);

    /** There is a character that must not be, in the line. */
    void onRejectedCharacter(String content);

    /** The structure is wrong; told once for each fault, and only of those that are looked for. */
    void onFault(MimeFault fault, String content);

    /** Tables have been asked. {@code content}: what about, as the log may show it. Returns what becomes of that. */
    default Edit onAnswer(CheckPart part, String map, TableAnswer answer, Supplier<String> content) {
        if (answer.isUnavailable()) {
            onUnavailable(map);
        } else if (answer.isFound() && answer.value().isEmpty()) {
            onEmptyResult(map, content.get());
        } else if (answer.isFound()) {
            return onFound(part, map, content.get(), answer.value());
        }
        return Edit.KEEP;
    }

    /** Nothing more needs to be looked at. */
    boolean isOver();
}
