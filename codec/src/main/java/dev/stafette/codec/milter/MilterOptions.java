// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.milter;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a server offers a milter, or what a milter wants of it.
 * Thread: any (a value).
 *
 * @param version of the protocol
 * @param actions changes that a milter may ask for
 * @param protocol commands and answers that are left out
 * @param macros that a milter wants, in the place of those that the server would send; by the commands that they go with
 */
public record MilterOptions(int version, int actions, int protocol, Map<MilterCommand, List<String>> macros) {
    /** All changes, and lists of macros. */
    public static final int ALL_ACTIONS = 0x1ff;

    public static final int SKIP = 0x400;
    public static final int REJECTED_RECIPIENTS = 0x800;
    /** White space behind a field's colon is a part of its value. */
    public static final int LEADING_SPACE = 0x100000;

    private static final int VERSION_2 = 0x7f;
    private static final int VERSION_3 = VERSION_2 | 0x100;
    private static final int VERSION_4 = VERSION_3 | 0x200;
    private static final int UNANSWERED = 0xff080;
    private static final int VERSION_6 = VERSION_4 | SKIP | REJECTED_RECIPIENTS | UNANSWERED | LEADING_SPACE;

    /** All commands that can be left out. */
    private static final int UNWANTED = 0x37f;

    private static final List<MilterCommand> MACRO_STAGES = List.of(
            MilterCommand.CONNECT,
            MilterCommand.HELO,
            MilterCommand.MAIL,
            MilterCommand.RCPT,
            MilterCommand.DATA,
            MilterCommand.END_OF_BODY,
            MilterCommand.END_OF_HEADER);

    public MilterOptions(int version, int actions, int protocol) {
        this(version, actions, protocol, Map.of());
    }

    /** What is offered in that version; 0 for one that there is not. */
    public static int protocolOf(int version) {
        return switch (version) {
            case 2 -> VERSION_2;
            case 3 -> VERSION_3;
            case 4 -> VERSION_4;
            case 6 -> VERSION_6;
            default -> 0;
        };
    }

    /** The bits of commands that a version does not have; of one between two the older's. */
    public static int unknownIn(int version) {
        int known = version >= 6 ? VERSION_6 : version >= 4 ? VERSION_4 : version == 3 ? VERSION_3 : VERSION_2;
        return UNWANTED & ~known;
    }

    public void write(MilterWriter out) {
        out.begin(MilterCommand.OPTIONS)
                .int32(version)
                .int32(actions)
                .int32(protocol)
                .end();
    }

    /** {@code packet}: without its length; consumed. Throws an IllegalArgumentException that says what is wrong with it. */
    public static MilterOptions parse(ByteBuf packet) {
        byte code = packet.readByte();
        if (code != MilterCommand.OPTIONS.code()) {
            throw new IllegalArgumentException(
                    "unexpected reply \"" + (char) (code & 0xff) + "\" in initial handshake");
        }
        int version = MilterReply.number(packet);
        int actions = MilterReply.number(packet);
        int protocol = MilterReply.number(packet);
        Map<MilterCommand, List<String>> macros = new EnumMap<>(MilterCommand.class);
        while (packet.isReadable()) {
            int stage = MilterReply.number(packet);
            String names = new String(MilterReply.text(packet), StandardCharsets.UTF_8)
                    .replace(',', ' ')
                    .strip();
            if (stage >= 0 && stage < MACRO_STAGES.size() && !names.isEmpty()) {
                macros.put(MACRO_STAGES.get(stage), List.of(names.split("\\s+")));
            }
        }
        return new MilterOptions(version, actions, protocol, macros);
    }
}
