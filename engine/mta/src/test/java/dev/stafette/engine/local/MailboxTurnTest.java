// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.identity.FileWork;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxTurnTest {
    private static final UserIds ANN = new UserIds("ann", 1000, 8);
    private static final UserIds JOE = new UserIds("joe", 1001, 8);

    @TempDir
    private Path directory;

    private final TestIdentity identity = new TestIdentity();
    private final MailboxTurn turn = new MailboxTurn(identity);
    private final List<String> landed = new ArrayList<>();

    private void putOff(MailboxTurn into, UserIds user, int bytes) throws IOException {
        MailboxLetter letter = new MailboxLetter(
                FileBody.ofWire("x".repeat(bytes) + "\r\n"),
                MailboxLetter.inDirectory(false),
                new CopyAddresses("", "", ""));
        Maildir.Place place = new Maildir.Place(directory.resolve(user.name()), 0, EnhancedStatus.of(5, 2, 0));
        into.putOff(user, new MaildirWork(new Maildir("h"), place, letter), landing -> {
            try {
                landed.add(user.name() + ' ' + landing.result().status());
            } catch (IOException e) {
                landed.add(user.name() + ' ' + e.getMessage());
            }
        });
    }

    @Test
    void tellsOfLettersWhenItIsSettled() throws IOException {
        putOff(turn, ANN, 10);
        putOff(turn, ANN, 10);
        assertEquals(List.of(), landed);
        turn.settle();
        assertEquals(List.of("ann 2.0.0", "ann 2.0.0"), landed);
        assertEquals(1, identity.asked().size());
        assertTrue(turn.owesNothing());
    }

    @Test
    void keepsLettersOfTwoUsersApartAndNotTooManyInMemory() throws IOException {
        putOff(turn, ANN, 10);
        putOff(turn, JOE, 100_000);
        assertEquals(List.of("ann 2.0.0"), landed);
        putOff(turn, JOE, 100_000);
        assertEquals(List.of("ann 2.0.0", "joe 2.0.0"), landed);
        turn.settle();
        assertEquals(3, identity.asked().size());
    }

    @Test
    void knowsTheFactsOfAFileUntilItIsSettled() throws IOException {
        Path file = directory.resolve("f");
        FactsWork work = new FactsWork(file, false);
        assertThrows(NoSuchFileException.class, () -> turn.facts(ANN, work));
        Files.writeString(file, "");
        assertThrows(NoSuchFileException.class, () -> turn.facts(ANN, work));
        turn.facts(JOE, work);
        turn.settle();
        assertTrue(turn.facts(ANN, work).isRegular());
    }

    @Test
    void tellsEachLetterWhyNobodyCouldTry() throws IOException {
        MailboxTurn broken = new MailboxTurn(new Identity() {
            @Override
            public String refusal(UserIds user) {
                return "";
            }

            @Override
            public <T> T call(UserIds user, FileWork<T> work) throws IOException {
                throw new IOException("gone");
            }

            @Override
            public List<String> programWords(UserIds user) {
                return List.of();
            }
        });
        putOff(broken, ANN, 1);
        putOff(broken, ANN, 1);
        broken.settle();
        assertEquals(List.of("ann gone", "ann gone"), landed);
    }
}
