// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.MaildropFile;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * The way of a command into {@code maildrop/}.
 * Thread: main.
 */
final class MaildropWay {
    private final SubmissionSettings settings;

    private MaildropWay(SubmissionSettings settings) {
        this.settings = settings;
    }

    /** Makes the directories when there are none; null when the caller may not use them, which has been said. */
    static @Nullable MaildropWay open(Terminal terminal, String program, SubmissionSettings settings)
            throws IOException {
        Maildrop maildrop = settings.maildrop();
        if (!maildrop.exists()) {
            maildrop.create(settings.main().text("mail_owner"), settings.main().text("setgid_group"));
        }
        if (!Files.isWritable(maildrop.directory())) {
            terminal.fatal(
                    program,
                    ExitCode.TRY_AGAIN,
                    SendmailCommand.caller() + "cannot write into " + maildrop.directory()
                            + " (expected: the rights of group "
                            + settings.main().text("setgid_group") + ")");
            return null;
        }
        long freeBytes = maildrop.directory().toFile().getUsableSpace();
        long freeBytesMin = settings.main().size("queue_minfree");
        if (freeBytesMin > 0 && freeBytes < freeBytesMin) {
            terminal.fatal(
                    program,
                    ExitCode.TRY_AGAIN,
                    SendmailCommand.caller() + "insufficient free space in " + maildrop.directory() + ": " + freeBytes
                            + " bytes (expected: queue_minfree, " + freeBytesMin + ")");
            return null;
        }
        return new MaildropWay(settings);
    }

    MaildropFile create() throws IOException {
        return MaildropFile.create(settings.maildrop(), System.currentTimeMillis(), settings.messageBytesMax());
    }

    /** It does not matter whether anybody hears: the message is safe. */
    void wake() {
        settings.maildrop().wake();
    }
}
