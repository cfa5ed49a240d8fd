// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.pickup.Handover;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.MaildropFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The way of a command into {@code maildrop/}: by itself where it may write there, or else through a {@code postdrop} that
 * may.
 * Thread: main.
 */
final class MaildropWay {
    private final Terminal terminal;
    private final String program;
    private final SubmissionSettings settings;

    MaildropWay(Terminal terminal, String program, SubmissionSettings settings) {
        this.terminal = terminal;
        this.program = program;
        this.settings = settings;
    }

    /** Makes the directories when there are none; null when it cannot be, which has been said. */
    @Nullable
    Handover begin() throws IOException {
        Maildrop maildrop = settings.maildrop();
        if (!maildrop.exists() && Files.isDirectory(maildrop.queueDirectory())) {
            // Its owner may; others may lack the right to look.
            return Files.isWritable(maildrop.queueDirectory()) ? direct(maildrop) : byPostdrop(maildrop);
        }
        boolean may = !maildrop.exists() || Files.isWritable(maildrop.directory());
        return may ? direct(maildrop) : byPostdrop(maildrop);
    }

    private @Nullable Handover direct(Maildrop maildrop) throws IOException {
        if (!maildrop.exists()) {
            maildrop.create(settings.main().text("mail_owner"), settings.main().text("setgid_group"));
        }
        long freeBytes = maildrop.directory().toFile().getUsableSpace();
        long freeBytesMin = settings.main().size("queue_minfree");
        if (freeBytesMin > 0 && freeBytes < freeBytesMin) {
            refuse("insufficient free space in " + maildrop.directory() + ": " + freeBytes
                    + " bytes (expected: queue_minfree, " + freeBytesMin + ")");
            return null;
        }
        return MaildropFile.create(maildrop, System.currentTimeMillis(), settings.messageBytesMax());
    }

    private @Nullable Handover byPostdrop(Maildrop maildrop) throws IOException {
        Path postdrop = Path.of(settings.main().text("command_directory"), PostdropCommand.NAME);
        if (program.equals(PostdropCommand.NAME) || !Files.isExecutable(postdrop)) {
            refuse("cannot write into " + maildrop.directory() + " (expected: the rights of group "
                    + settings.main().text("setgid_group") + ", or a program " + postdrop + " that has them)");
            return null;
        }
        return PostdropPipe.open(postdrop, settings.directory(), settings.messageBytesMax());
    }

    private void refuse(String why) {
        terminal.fatal(program, ExitCode.TRY_AGAIN, SendmailCommand.caller() + why);
    }
}
