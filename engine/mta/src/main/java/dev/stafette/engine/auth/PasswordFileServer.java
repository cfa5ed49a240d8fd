// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.codec.sasl.ScramKeys;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Logins by a file of our own: PLAIN, LOGIN, and SCRAM-SHA-256, bound to the TLS session or not, for those whose line has its keys.
 * Thread: event loop of whoever asks; the file is read and hashes are made by a few threads of its own.
 */
final class PasswordFileServer implements AuthServer {
    static final String PLAIN = "PLAIN";
    static final String LOGIN = "LOGIN";
    static final String SCRAM = "SCRAM-SHA-256";
    static final String SCRAM_PLUS = "SCRAM-SHA-256-PLUS";

    private static final List<AuthMechanism> MECHANISMS = List.of(
            new AuthMechanism(SCRAM_PLUS, EnumSet.of(SecurityProperty.MUTUAL_AUTH)),
            new AuthMechanism(SCRAM, EnumSet.of(SecurityProperty.MUTUAL_AUTH)),
            new AuthMechanism(PLAIN, EnumSet.of(SecurityProperty.PLAINTEXT)),
            new AuthMechanism(LOGIN, EnumSet.of(SecurityProperty.PLAINTEXT)));

    private static final int THREADS_MAX = 2;

    /** Beyond that a client would have given up before its turn. */
    static final int WAITING_MAX = 500;

    private final Path file;
    private final String realm;
    private final Consumer<String> warnings;
    private final SecureRandom random = new SecureRandom();
    private final LoginFailures failures;
    private final ThreadPoolExecutor threads;
    private final byte[] secret = new byte[32];

    /** As it was read last. Written and read by its threads, each of which sees a whole one. */
    private volatile Users users = new Users(FileTime.fromMillis(Long.MIN_VALUE), -1, Map.of());

    private record Users(FileTime changed, long bytes, Map<String, List<PasswordHash>> hashes) {}

    /** @param realm of users who are named without one; empty: none */
    PasswordFileServer(Path file, String realm, LoginFailures failures, Consumer<String> warnings) {
        this.file = file;
        this.realm = realm;
        this.failures = failures;
        this.warnings = warnings;
        this.threads = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "password");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        random.nextBytes(secret);
    }

    @Override
    public void findMechanisms(EventLoop loop, Consumer<List<AuthMechanism>> listener) {
        loop.execute(() -> listener.accept(MECHANISMS));
    }

    @Override
    public AuthExchange begin(EventLoop loop, AuthRequest request, Consumer<AuthReply> listener) {
        return new PasswordExchange(this, loop, request, listener);
    }

    /** Runs what may take its time; false: too much waits already. */
    boolean tryExecute(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    LoginFailures failures() {
        return failures;
    }

    SecureRandom random() {
        return random;
    }

    // On its threads. ------------------------------------------------------------------------------------------------

    /** With the realm, where a name has none. */
    String fullName(String user) {
        return realm.isEmpty() || user.indexOf('@') >= 0 ? user : user + '@' + realm;
    }

    /** Nothing: there is no such user. An IOException says that the file cannot be read. */
    private List<PasswordHash> hashes(String user) throws IOException {
        Users known = users;
        FileTime changed = Files.getLastModifiedTime(file);
        long bytes = Files.size(file);
        if (!changed.equals(known.changed) || bytes != known.bytes) {
            known = new Users(changed, bytes, new PasswordFile(file).read());
            users = known;
        }
        List<PasswordHash> exact = known.hashes.get(user);
        List<PasswordHash> full = exact == null ? known.hashes.get(fullName(user)) : exact;
        return full == null ? List.of() : full;
    }

    /** Whether the password is the user's. It takes as long for somebody who does not exist. */
    boolean isRight(String user, String password) throws IOException {
        List<PasswordHash> hashes = hashes(user);
        if (hashes.isEmpty()) {
            new PasswordHash(PasswordHash.Kind.SCRAM, "", keysOfNobody(user)).isOf(password);
            return false;
        }
        return hashes.stream().anyMatch(hash -> hash.isOf(password));
    }

    /** Somebody who does not exist, or has no keys, has some of which nobody knows the password: always the same. */
    ScramKeys scramKeys(String user) throws IOException {
        for (PasswordHash hash : hashes(user)) {
            ScramKeys keys = hash.scram();
            if (keys != null) {
                return keys;
            }
        }
        return keysOfNobody(user);
    }

    private ScramKeys keysOfNobody(String user) {
        return PasswordHash.scramOfNobody(secret, user);
    }

    void warn(IOException e) {
        warnings.accept("SASL: password file " + file + ": " + e);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
