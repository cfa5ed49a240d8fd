// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.LettersWork;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that goes away: what it may have begun is not given to its successor. */
@Timeout(120)
class DeputyConnectionsTest {
    private static final UserIds ANN = new UserIds("ann", 1000, 1000);

    @TempDir
    private Path directory;

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore closed = new Semaphore(0);
    private ServerSocketChannel listener;
    private DeputyClient client;

    @BeforeEach
    void open() throws IOException {
        Path socket = directory.resolve("socket");
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        client = new DeputyClient(socket);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    /** One connection after another: each request is answered (a), or heard and not answered (d), and then it is closed. */
    private void serve(String... connections) {
        Thread service = new Thread(() -> {
            for (String requests : connections) {
                try (SocketChannel connection = listener.accept()) {
                    DeputyChannel channel = new DeputyChannel(connection);
                    channel.writeLines("220 LMTP");
                    channel.readLine();
                    channel.writeLines("250 Ok");
                    for (char request : requests.toCharArray()) {
                        serveOne(channel, request == 'a');
                    }
                } catch (IOException e) {
                    heard.add(String.valueOf(e));
                }
                closed.release();
            }
        });
        service.setDaemon(true);
        service.start();
    }

    private void serveOne(DeputyChannel channel, boolean answers) throws IOException {
        String line = channel.readLine();
        if (line.startsWith("XWORK")) {
            heard.add("question");
            if (answers) {
                channel.writeLines("451 failed=missing&file=f");
                channel.flush();
            }
            return;
        }
        for (int left = 2; left > 0; ) {
            line = channel.readLine();
            if (line.startsWith("BDAT")) {
                left = line.endsWith("LAST") ? 0 : left;
                channel.readBytes(ByteBuffer.allocate(Integer.parseInt(line.split(" ")[1])));
            }
        }
        heard.add("letters");
        if (answers) {
            channel.writeLines(
                    "250 2.1.0 Ok", "250 2.1.5 Ok", "250 2.0.0 Ok", "250 2.1.5 Ok", "250 2.0.0", "250 2.0.0");
            channel.flush();
        }
    }

    private int deliver() throws IOException {
        return client.call(ANN, letters()).size();
    }

    private LettersWork letters() throws IOException {
        Maildir.Place place = new Maildir.Place(Path.of("/m"), 0, EnhancedStatus.of(5, 2, 0));
        MailboxLetter letter = new MailboxLetter(
                FileBody.ofWire("x\r\n"), MailboxLetter.inDirectory(false), new CopyAddresses("", "", ""));
        LetterWork work = new MaildirWork(new Maildir("h"), place, letter);
        return new LettersWork(List.of(work, work));
    }

    private void ask() {
        assertThrows(NoSuchFileException.class, () -> client.call(ANN, new FactsWork(Path.of("f"), true)));
    }

    @Test
    void saysNothingAgainThatADyingServiceMayHaveBegun() throws Exception {
        serve("ad", "a");
        assertEquals(2, deliver());
        IOException e = assertThrows(IOException.class, this::deliver);
        assertTrue(String.valueOf(e.getMessage()).endsWith(": the connection ends"), e::toString);
        assertEquals(List.of("letters", "letters"), heard);
        assertEquals(2, deliver(), "by the next service");
    }

    @Test
    void saysAgainWhatAServiceThatHasGoneCannotHaveHeard() throws Exception {
        serve("a", "a");
        assertEquals(2, deliver());
        closed.acquire();
        assertEquals(2, deliver());
        assertEquals(List.of("letters", "letters"), heard);
    }

    /** As when the service is stopped at that moment. */
    @Test
    void isNoMatterToASessionWhoseClientHasJustGone() throws Exception {
        DeputyParts parts = new DeputyParts(null, null, null, null, directory, new LetterMemory(1), 1);
        SocketChannel gone = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("socket")));
        try (SocketChannel accepted = listener.accept()) {
            gone.close();
            DeputySession session = new DeputySession(accepted, parts);
            assertThrows(IOException.class, session::run);
            session.close();
            session.endIfIdle();
        }
    }

    @Test
    void asksAgain() throws Exception {
        serve("ad", "a");
        ask();
        ask();
        assertEquals(List.of("question", "question", "question"), heard);
    }
}
