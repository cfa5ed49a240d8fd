// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.mailbox.FileFacts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of the machine: those of {@code /etc/passwd} and, where nsswitch.conf names further sources, those that
 * getent(1) knows.
 * Thread: any; it reads files, and waits for a program.
 *
 * <p>Java cannot ask the system for an account itself.
 */
final class UserAccounts {
    private static final int GETENT_SECONDS_MAX = 10;
    private static final int GETENT_NOT_FOUND = 2;

    /** Sources that have no more than the file. */
    private static final Set<String> OF_FILE = Set.of("files", "compat", "systemd");

    private final Path file;
    private final List<String> getent;

    /** Written and read by whoever asks; two at once may both read the file. */
    private volatile Snapshot known = new Snapshot(-1, -1, Map.of(), Map.of());

    private record Snapshot(
            long changedMs, long inode, Map<String, UserAccount> byName, Map<Integer, UserAccount> byId) {}

    /** {@code getent}: the words of the program that knows more; none: nobody does. */
    UserAccounts(Path file, List<String> getent) {
        this.file = file;
        this.getent = getent;
    }

    static UserAccounts ofMachine() {
        return new UserAccounts(
                Path.of("/etc/passwd"),
                hasMore(Path.of("/etc/nsswitch.conf")) ? List.of("getent", "passwd") : List.of());
    }

    static boolean hasMore(Path nsswitch) {
        try {
            for (String line : Files.readAllLines(nsswitch)) {
                String words = line.strip();
                if (words.startsWith("passwd:")) {
                    return !OF_FILE.containsAll(
                            List.of(words.substring("passwd:".length()).strip().split("\\s+")));
                }
            }
        } catch (IOException e) {
            // Without it the C library looks into the file.
            return false;
        }
        return false;
    }

    /** Null: there is no such account. Throws when nobody can say. */
    @Nullable
    UserAccount find(String name) throws IOException {
        UserAccount found = snapshot().byName().get(name);
        return found != null || getent.isEmpty() || !isAskable(name) ? found : ask(name);
    }

    @Nullable
    UserAccount find(int uid) throws IOException {
        UserAccount found = snapshot().byId().get(uid);
        return found != null || getent.isEmpty() ? found : ask(Integer.toString(uid));
    }

    /** What getent would take for a number, or for an option, is no name. */
    private static boolean isAskable(String name) {
        return !name.isEmpty()
                && name.charAt(0) != '-'
                && name.chars().anyMatch(c -> !Character.isDigit(c))
                && name.chars().noneMatch(c -> c == ':' || c == '/' || c < ' ');
    }

    private Snapshot snapshot() throws IOException {
        FileFacts facts = FileFacts.of(file);
        Snapshot before = known;
        if (facts.changedMs() == before.changedMs() && facts.inode() == before.inode()) {
            return before;
        }
        Map<String, UserAccount> byName = new HashMap<>();
        Map<Integer, UserAccount> byId = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            UserAccount account = UserAccount.parse(line);
            if (account != null) {
                byName.putIfAbsent(account.name(), account);
                byId.putIfAbsent(account.ids().uid(), account);
            }
        }
        Snapshot read = new Snapshot(facts.changedMs(), facts.inode(), byName, byId);
        known = read;
        return read;
    }

    private @Nullable UserAccount ask(String key) throws IOException {
        ProcessBuilder program = new ProcessBuilder(getent);
        program.command().add(key);
        Process process = program.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            if (!process.waitFor(GETENT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("getent does not answer");
            }
            String line = lines.readLine();
            if (process.exitValue() == GETENT_NOT_FOUND) {
                return null;
            }
            if (process.exitValue() != 0 || line == null) {
                throw new IOException("getent ended with status " + process.exitValue());
            }
            return UserAccount.parse(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
