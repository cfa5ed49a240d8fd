// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.testing.Dialogue;
import dev.stafette.delivery.smtp.ServerScript.Step;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One server of a {@link ServerScript}: plays it on its first connection; whoever comes later is served as usual. */
final class ScriptedServer implements FakeSite.Script, AutoCloseable {
    /**
     * Nobody else's: hundreds of these wait for long, and a mail system of another test could still be trying a server that
     * had one of their ports before.
     */
    static final String ADDRESS = "127.0.0.77";

    private final ServerScript script;
    private final Map<Step, List<String>> answers;
    private final FakeSite site = FakeSite.always(ADDRESS, 0, this);
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    // Of the first connection's thread; read by others when that has ended.
    private final List<String> commands = new ArrayList<>();
    private final Map<Step, Integer> counts = new EnumMap<>(Step.class);
    private boolean content;
    private boolean over;

    ScriptedServer(ServerScript script, int server) {
        this.script = script;
        this.answers = script.answers.get(server);
    }

    int port() {
        return site.port();
    }

    /** What came, when the connection is at its end; empty if there was none. */
    String commands() throws InterruptedException {
        if (connections.get() == 0) {
            return "";
        }
        if (!ended.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError(script.name + ": a connection without an end");
        }
        return String.join(" ", commands);
    }

    boolean wasTried() {
        return connections.get() > 0;
    }

    @Override
    public void play(FakeSite.Wire wire) throws IOException {
        if (connections.getAndIncrement() > 0) {
            wire.serve("");
            return;
        }
        try {
            answer(wire, Step.GREETING);
            while (!over) {
                Step step = read(wire);
                commands.add(step.name());
                answer(wire, step);
                over |= step == Step.QUIT;
            }
        } catch (EOFException clientGone) {
            // The end of many a script.
        } finally {
            ended.countDown();
        }
    }

    private Step read(FakeSite.Wire wire) throws IOException {
        if (content) {
            content = false;
            return wire.readContent().isEmpty() ? Step.LONE_DOT : Step.DOT;
        }
        String line = wire.readLine();
        for (Step step : Step.values()) {
            if (line.startsWith(step.name())) {
                return step;
            }
        }
        return Step.OTHER;
    }

    private void answer(FakeSite.Wire wire, Step step) throws IOException {
        int count = counts.merge(step, 1, Integer::sum);
        List<String> own = answers.getOrDefault(step, List.of());
        String answer = count <= own.size() ? own.get(count - 1) : script.usual(step);
        StringBuilder text = new StringBuilder();
        for (String part : answer.split(" \\| ")) {
            if (part.startsWith("!")) {
                wire.send(text.toString());
                text.setLength(0);
                act(wire, part);
            } else {
                String bytes = Dialogue.wire(part);
                content |= step == Step.DATA && bytes.matches("(?s)3[0-9][0-9]\\s.*");
                text.append(bytes);
            }
        }
        if (!over) {
            wire.send(text.toString());
        }
    }

    private void act(FakeSite.Wire wire, String act) throws IOException {
        switch (act.split(" ")[0]) {
            case "!pause" -> pause(Integer.parseInt(act.substring(7)));
            case "!drip" -> wire.drip();
            case "!silence" -> {
                over = true;
                readToEnd(wire);
            }
            case "!close" -> {
                over = true;
                wire.socket().shutdownOutput();
                readToEnd(wire);
            }
            case "!reset" -> {
                // So that what was sent before is not lost with the connection.
                pause(200);
                over = true;
                wire.reset();
            }
            default -> throw new IllegalArgumentException(act);
        }
    }

    /** As its system would, not as a server does: what comes is not looked at. */
    private static void readToEnd(FakeSite.Wire wire) throws IOException {
        while (true) {
            wire.read(1024);
        }
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        site.close();
    }
}
