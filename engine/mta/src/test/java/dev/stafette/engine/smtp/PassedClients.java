// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service of a {@code pass} row that notes who has come, and what each had said already. */
public final class PassedClients implements AutoCloseable {
    private final EventLoop keeper = new DefaultEventLoop();
    private final List<String> clients = new ArrayList<>();
    private final PassGate gate;

    /** With so many sessions at a time. */
    public PassedClients(int sessionsMax) {
        Map<EventLoop, ServerLoop> loops = new IdentityHashMap<>();
        loops.put(keeper, null);
        ServiceSessions sessions =
                new ServiceSessions(new SessionRoom(1 << 20), new SessionCap(sessionsMax, Integer.MAX_VALUE, "test"));
        ServiceStress stress = new ServiceStress("smtpd", sessions, () -> null, loops);
        this.gate = new PassGate(sessions, stress, this::onPassed);
    }

    /** For so many connections of the process. */
    public static SessionRoom room(int sessionsMax) {
        return new SessionRoom(sessionsMax);
    }

    private void onPassed(PassGate.Passed passed, ByteBuf said) {
        String text = said.toString(StandardCharsets.US_ASCII);
        said.release();
        clients.add(passed.client().getAddress().getHostAddress() + (text.isEmpty() ? "" : " " + text));
    }

    public PassGate gate() {
        return gate;
    }

    public List<String> clients() {
        return clients;
    }

    @Override
    public void close() {
        keeper.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
