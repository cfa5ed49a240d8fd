// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.dsn.XText;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.smtp.EhloCapabilities;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * The XFORWARD commands in front of MAIL, which say whom the message came from first: one with the client's name and address,
 * another with the rest, so that no line is too long, as in Postfix. What the server does not offer is not said, nor what is
 * not known.
 * Thread: event loop.
 */
final class OriginCommands {
    /** Of a server that is told nothing. */
    static final OriginCommands NONE = new OriginCommands("", "");

    private static final String VERB = "XFORWARD";
    private static final String LOCAL = "LOCAL";
    private static final String REMOTE = "REMOTE";

    private final String client;
    private final String rest;

    /** Each without its line end; empty where there is nothing to say. */
    private OriginCommands(String client, String rest) {
        this.client = client;
        this.rest = rest;
    }

    /** {@code origin}: null for mail that was written here, of which there is no client. */
    static OriginCommands of(@Nullable MessageOrigin origin, EhloCapabilities offered) {
        Line client = new Line(offered);
        Line rest = new Line(offered);
        if (origin != null) {
            client.add(EhloCapabilities.XFORWARD_NAME, " NAME=", origin.name());
            client.add(EhloCapabilities.XFORWARD_ADDR, " ADDR=", origin.address());
            client.add(EhloCapabilities.XFORWARD_PORT, " PORT=", origin.port());
            rest.add(EhloCapabilities.XFORWARD_PROTO, " PROTO=", origin.protocol());
            rest.add(EhloCapabilities.XFORWARD_HELO, " HELO=", origin.helo());
            rest.add(EhloCapabilities.XFORWARD_IDENT, " IDENT=", origin.queueId());
        }
        boolean isLocal = origin == null || origin.isLocal();
        rest.add(EhloCapabilities.XFORWARD_SOURCE, " SOURCE=", isLocal ? LOCAL : REMOTE);
        return new OriginCommands(client.text(), rest.text());
    }

    /** A command that is put together. */
    private static final class Line {
        private final EhloCapabilities offered;
        private final StringBuilder text = new StringBuilder(VERB);

        Line(EhloCapabilities offered) {
            this.offered = offered;
        }

        void add(int attribute, String name, @Nullable String value) {
            if (value != null && offered.has(attribute)) {
                text.append(name).append(XText.encode(value));
            }
        }

        /** Empty without an attribute. */
        String text() {
            return text.length() == VERB.length() ? "" : text.toString();
        }
    }

    /** What the transaction begins with. */
    SessionStage first() {
        if (!client.isEmpty()) {
            return SessionStage.XFORWARD_CLIENT;
        }
        return next(SessionStage.XFORWARD_CLIENT);
    }

    /** What comes behind one of these commands. */
    SessionStage next(SessionStage stage) {
        return stage == SessionStage.XFORWARD_CLIENT && !rest.isEmpty()
                ? SessionStage.XFORWARD_REST
                : SessionStage.MAIL;
    }

    /** The command of that stage. */
    void write(SessionStage stage, ByteBuf out) {
        writeLine(stage == SessionStage.XFORWARD_CLIENT ? client : rest, out);
    }

    void writeAll(ByteBuf out) {
        writeLine(client, out);
        writeLine(rest, out);
    }

    private static void writeLine(String line, ByteBuf out) {
        if (!line.isEmpty()) {
            ByteBufUtil.writeAscii(out, line);
            out.writeShort('\r' << 8 | '\n');
        }
    }
}
