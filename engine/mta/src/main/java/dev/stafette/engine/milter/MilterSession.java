// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.milter.MilterCommand;
import dev.stafette.codec.milter.MilterWriter;
import dev.stafette.codec.smtp.SmtpReply;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The milters of one session, in their order: each event goes from one to the next, until one has something to say. All answers
 * may come within the call.
 * Thread: event loop.
 */
public final class MilterSession {
    private static final char IPV4 = '4';
    private static final char IPV6 = '6';

    private final MilterRules rules;
    private final List<MilterClient> clients = new ArrayList<>();

    // Owned by the loop: of the last message that was refused.
    private @Nullable SmtpReply refusal;

    private MilterSession(MilterRules rules, List<MilterSettings> milters, MilterHost host, MacroSource macros) {
        this.rules = rules;
        milters.forEach(milter -> clients.add(new MilterClient(milter, rules, host, macros)));
    }

    /** Null: no milter sees that session. */
    public static @Nullable MilterSession open(
            MilterRules rules, MilterChoice choice, MilterHost host, MacroSource macros) {
        List<MilterSettings> milters = rules.chosen(choice, host.warnings());
        return milters.isEmpty() ? null : new MilterSession(rules, milters, host, macros);
    }

    MilterRules rules() {
        return rules;
    }

    List<MilterClient> clients() {
        return clients;
    }

    /** {@code name}: of the client, as far as it is known. */
    public void connect(String name, InetSocketAddress client, Consumer<@Nullable MilterVerdict> then) {
        String address = client.getAddress().getHostAddress();
        int scope = address.indexOf('%');
        String text = scope < 0 ? address : address.substring(0, scope);
        String shown = name.equals("unknown") ? '[' + text + ']' : name;
        connect(
                0,
                then,
                out -> out.text(shown)
                        .octet(client.getAddress() instanceof Inet6Address ? IPV6 : IPV4)
                        .int16(client.getPort())
                        .text(text));
    }

    private void connect(int index, Consumer<@Nullable MilterVerdict> then, Consumer<MilterWriter> data) {
        if (index == clients.size()) {
            then.accept(null);
            return;
        }
        MilterClient client = clients.get(index);
        Consumer<@Nullable MilterVerdict> next = verdict -> {
            if (verdict == null) {
                connect(index + 1, then, data);
            } else {
                then.accept(verdict);
            }
        };
        client.connect(refused -> {
            if (refused == null) {
                client.tell(MilterCommand.CONNECT, data, next);
            } else {
                then.accept(refused);
            }
        });
    }

    public void helo(String name, Consumer<@Nullable MilterVerdict> then) {
        tell(MilterCommand.HELO, then, out -> out.text(name));
    }

    /** {@code arguments}: the address in angle brackets, and the parameters behind it. */
    public void mail(List<String> arguments, Consumer<@Nullable MilterVerdict> then) {
        tell(MilterCommand.MAIL, then, out -> arguments.forEach(out::text));
    }

    /** {@code isRefused}: by others; then those hear of it that want to, and what they say changes nothing. */
    public void rcpt(List<String> arguments, boolean isRefused, Consumer<@Nullable MilterVerdict> then) {
        tell(0, MilterCommand.RCPT, isRefused, then, out -> arguments.forEach(out::text));
    }

    public void data(Consumer<@Nullable MilterVerdict> then) {
        tell(MilterCommand.DATA, then, out -> {});
    }

    public void unknown(String command, Consumer<@Nullable MilterVerdict> then) {
        tell(MilterCommand.UNKNOWN, then, out -> out.text(command));
    }

    private void tell(MilterCommand command, Consumer<@Nullable MilterVerdict> then, Consumer<MilterWriter> data) {
        tell(0, command, false, then, data);
    }

    private void tell(
            int index,
            MilterCommand command,
            boolean isRefused,
            Consumer<@Nullable MilterVerdict> then,
            Consumer<MilterWriter> data) {
        if (index == clients.size()) {
            then.accept(null);
            return;
        }
        MilterClient client = clients.get(index);
        Consumer<@Nullable MilterVerdict> next = verdict -> {
            if (verdict == null) {
                tell(index + 1, command, isRefused, then, data);
            } else {
                then.accept(verdict);
            }
        };
        if (isRefused && !client.wantsRejectedRecipients()) {
            next.accept(null);
        } else if (client.listensTo(command)) {
            client.tell(command, data, next);
        } else {
            next.accept(client.standing());
        }
    }

    void onRefused(@Nullable SmtpReply why) {
        refusal = why;
    }

    /** A message was refused by that very reply, and the log says so. */
    public boolean hasRefusedBy(SmtpReply reply) {
        return refusal == reply;
    }

    /** What holds for a command that milters do not hear of; null: nothing. */
    public @Nullable MilterVerdict standing() {
        for (MilterClient client : clients) {
            if (client.standing() != null) {
                return client.standing();
            }
        }
        return null;
    }

    /** The message that MAIL has begun will not come, or is over. */
    public void abort() {
        clients.forEach(MilterClient::abort);
    }

    /** The session ends. */
    public void close() {
        clients.forEach(MilterClient::close);
    }
}
