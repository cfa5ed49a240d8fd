// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.status.EnhancedStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Locale;

/**
 * Delivers to one destination after the other of an alias or a file of them.
 * Thread: the delivery worker's.
 */
final class TokenStep {
    private static final String INCLUDE = ":include:";

    /** line_length_limit: what stands behind it in a line is a line of its own. */
    private static final int LINE_CHARS_MAX = 2048;

    private static final EnhancedStatus RESTRICTED = EnhancedStatus.of(5, 7, 1);

    private final LocalAttempt attempt;
    private int count;

    TokenStep(LocalAttempt attempt) {
        this.attempt = attempt;
    }

    /** Destinations so far. */
    int count() {
        return count;
    }

    Progress deliverAll(Standing standing, String text) throws IOException {
        Progress progress = Progress.DONE;
        for (String word : ForwardWords.parse(text)) {
            count++;
            progress = progress.and(deliver(standing, word));
        }
        return progress;
    }

    /** Lines of a file, up to the first of which something has to be tried again. */
    Progress deliverAll(Standing standing, BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null) {
            for (int from = 0; from == 0 || from < line.length(); from += LINE_CHARS_MAX) {
                String piece = line.substring(from, Math.min(line.length(), from + LINE_CHARS_MAX));
                Progress progress = piece.startsWith("#") ? Progress.DONE : deliverAll(standing, piece);
                if (progress == Progress.DEFERRED) {
                    return progress;
                }
            }
            line = lines.readLine();
        }
        return Progress.DONE;
    }

    private Progress deliver(Standing standing, String word) throws IOException {
        if (word.startsWith("/")) {
            return new FileStep(attempt).deliver(standing, word);
        }
        if (word.startsWith("~")) {
            return toHome(standing, word);
        }
        if (word.startsWith("|")) {
            return isAllowed(standing)
                    ? new CommandStep(attempt).deliver(standing, word.substring(1))
                    : attempt.end(standing, new RecipientEnd(RESTRICTED, "mail to command is restricted"));
        }
        if (word.toLowerCase(Locale.ROOT).startsWith(INCLUDE)) {
            return new IncludeStep(attempt).deliver(standing, word.substring(INCLUDE.length()));
        }
        return new RecipientStep(attempt).resolve(standing, word);
    }

    private boolean isAllowed(Standing standing) {
        return attempt.settings().toCommands().contains(wordOf(standing.source));
    }

    /** As allow_mail_to_commands and allow_mail_to_files call it. */
    static String wordOf(Standing.Source source) {
        return switch (source) {
            case MESSAGE -> "";
            case ALIAS -> "alias";
            case FORWARD_FILE -> "forward";
            case INCLUDE_FILE -> "include";
        };
    }

    private Progress toHome(Standing standing, String word) throws IOException {
        UserAccount rights = standing.rights;
        if (!word.startsWith("~/")) {
            attempt.warn("bad home directory syntax for: " + word);
            return attempt.end(standing, RecipientEnd.misconfiguredForGood());
        }
        if (rights == null) {
            attempt.warn("unknown home directory for: " + word);
            return attempt.end(standing, RecipientEnd.misconfiguredForGood());
        }
        String home = rights.home().equals("/") ? "" : rights.home();
        return new FileStep(attempt).deliver(standing, home + word.substring(1));
    }
}
