// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.PemFiles;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates by the name that a client asks for ({@code tls_server_sni_maps}, RFC 6066 §3).
 * Thread: any.
 *
 * <p>A value is a list of files, which are read when the first client wants them and kept until a reload, or their content
 * in base64, as {@code postmap -F} makes it. Keys are read by workers.
 */
final class ServerNames {
    /** Beyond that those that are known are read anew. */
    private static final int CONTEXTS_MAX = 1_000;

    private final List<Table> tables;
    private final PemFiles files;
    private final Function<List<KeyChain>, ServerContext> contexts;
    private final Executor workers;
    private final Consumer<String> warnings;

    /** By the value of a table. */
    private final ConcurrentMap<String, ServerContext> made = new ConcurrentHashMap<>();

    /** @param contexts makes one, or throws a {@link TlsException} */
    ServerNames(
            List<Table> tables,
            PemFiles files,
            Function<List<KeyChain>, ServerContext> contexts,
            Executor workers,
            Consumer<String> warnings) {
        this.tables = List.copyOf(tables);
        this.files = files;
        this.contexts = contexts;
        this.workers = workers;
        this.warnings = warnings;
    }

    /**
     * What is for a client that asks for that name; null: nothing is. It fails with a
     * {@link TlsException} where that cannot be told, or what there is is no good.
     */
    Future<@Nullable ServerContext> find(EventExecutor loop, String name) {
        Promise<@Nullable ServerContext> found = loop.newPromise();
        new Inquirer(loop, System::nanoTime)
                .ask(
                        inquiry -> find(name, inquiry),
                        answer -> onAnswer(name, answer, found),
                        mistake -> found.setFailure(new TlsException(String.valueOf(mistake.getMessage()))));
        return found;
    }

    /** Of the name, and of those that it is below: {@code .domain}. */
    private TableAnswer find(String name, Inquiry inquiry) {
        for (int at = 0; at >= 0; at = name.indexOf('.', at + 1)) {
            for (Table table : tables) {
                TableAnswer answer = table.lookup(name.substring(at), inquiry);
                if (answer.finding() != Finding.NOT_FOUND) {
                    return answer;
                }
            }
        }
        return TableAnswer.notFound();
    }

    private void onAnswer(String name, TableAnswer answer, Promise<@Nullable ServerContext> found) {
        switch (answer.finding()) {
            case NOT_FOUND -> found.setSuccess(null);
            case UNAVAILABLE -> {
                warnings.accept("tls_server_sni_maps: " + name + " map lookup problem");
                found.setFailure(new TlsException("no answer for " + name));
            }
            case FOUND -> {
                ServerContext known = made.get(answer.value());
                if (known == null) {
                    read(name, answer.value(), found);
                } else {
                    found.setSuccess(known);
                }
            }
        }
    }

    private void read(String name, String value, Promise<@Nullable ServerContext> found) {
        try {
            workers.execute(() -> {
                try {
                    found.setSuccess(add(value, contexts.apply(chains(name, value))));
                } catch (TlsException e) {
                    warnings.accept("error loading chain from SNI data for " + name + ": " + e.getMessage());
                    found.setFailure(e);
                }
            });
        } catch (RejectedExecutionException e) {
            found.setFailure(new TlsException("too busy to read keys"));
        }
    }

    private ServerContext add(String value, ServerContext context) {
        if (made.size() >= CONTEXTS_MAX) {
            made.clear();
        }
        // Another worker may have been faster.
        ServerContext before = made.putIfAbsent(value, context);
        return before == null ? context : before;
    }

    /** Base64 of what is in a PEM file begins with no stroke. */
    private List<KeyChain> chains(String name, String value) {
        if (value.startsWith("/")) {
            List<String> names = Arrays.stream(value.split("[\\s,]+"))
                    .filter(file -> !file.isEmpty())
                    .toList();
            return KeyChain.readAll(files, names);
        }
        try {
            String text = new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1);
            return KeyChain.readAll(new PemFiles(file -> text), List.of(name));
        } catch (IllegalArgumentException e) {
            throw new TlsException("malformed BASE64 value");
        }
    }
}
