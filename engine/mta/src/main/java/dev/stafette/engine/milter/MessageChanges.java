// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.milter.MilterReply;
import dev.stafette.codec.smtp.BdatDecoder;
import dev.stafette.engine.checks.NewField;
import dev.stafette.engine.intake.EnvelopeChanges;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one milter wants changed in a message. It is gathered while the milter talks, and made when it has said what it makes of
 * the message: a milter that fails has changed nothing.
 * Thread: event loop.
 *
 * <p>As with Sendmail, a milter does not see our own Received field: the fields that it changes are counted without it, and those
 * that it inserts are with it.
 */
final class MessageChanges implements AutoCloseable {
    /** Of one milter. */
    private static final int CHANGES_MAX = 20_000;

    private static final int HEADER_BYTES_MAX = 1 << 20;

    private final MessageDraft message;
    private final OwnReceived own;
    private final boolean isSpaced;
    private final Consumer<String> warnings;

    // Owned by the loop.
    private final List<MilterReply> fields = new ArrayList<>();
    private EnvelopeChanges envelope = new EnvelopeChanges();
    private int headerBytes;
    private @Nullable ByteBuf text;
    private final BdatDecoder lines = new BdatDecoder();
    private boolean isTextEnded;

    /** {@code isSpaced}: the milter gives the white space behind a field's colon itself. */
    MessageChanges(MessageDraft message, OwnReceived own, boolean isSpaced, Consumer<String> warnings) {
        this.message = message;
        this.own = own;
        this.isSpaced = isSpaced;
        this.warnings = warnings;
    }

    /** Throws an IllegalArgumentException that says what is wrong with it. */
    void add(MilterReply change) {
        if (text != null && change.kind() != MilterReply.Kind.REPLACE_BODY) {
            isTextEnded = true;
        }
        if (fields.size() + envelope.count() == CHANGES_MAX) {
            throw new IllegalArgumentException("more than " + CHANGES_MAX + " changes of a message");
        }
        switch (change.kind()) {
            case ADD_HEADER, CHANGE_HEADER, INSERT_HEADER -> addField(change);
            case CHANGE_SENDER -> setSender(change);
            case ADD_RECIPIENT, ADD_RECIPIENT_WITH -> addRecipient(change);
            case DELETE_RECIPIENT -> envelope.delete(change.firstText());
            case REPLACE_BODY -> addText(change.first());
            default ->
                throw new IllegalArgumentException(
                        "unexpected filter response " + change.kind().text());
        }
    }

    // The header. ----------------------------------------------------------------------------------------------------

    private void addField(MilterReply change) {
        byte[] name = change.first();
        if (name.length == 0) {
            throw new IllegalArgumentException("null change header name");
        }
        for (byte b : name) {
            if (b <= ' ' || b == 0x7f || b == ':') {
                throw new IllegalArgumentException("bad header name: " + change.firstText());
            }
        }
        if (change.number() < 0) {
            throw new IllegalArgumentException("bad header index: " + change.number());
        }
        headerBytes += name.length + value(change).length;
        if (headerBytes > HEADER_BYTES_MAX) {
            throw new IllegalArgumentException("more than " + HEADER_BYTES_MAX + " bytes of header fields");
        }
        fields.add(change);
    }

    private static byte[] value(MilterReply change) {
        byte[] value = change.second();
        return value == null ? new byte[0] : value;
    }

    /** A field that is changed to nothing is taken away. */
    private static boolean givesField(MilterReply change) {
        return change.kind() != MilterReply.Kind.CHANGE_HEADER || value(change).length > 0;
    }

    /** The fields that it wants in the header, in its order. */
    List<NewField> newFields() {
        List<NewField> wanted = new ArrayList<>();
        for (MilterReply change : fields) {
            if (givesField(change)) {
                wanted.add(new NewField(change.first(), !isSpaced, value(change)));
            }
        }
        return wanted;
    }

    /** {@code wanted}: one for each of {@link #newFields}, null for one that is not to be there. */
    private void applyFields(List<? extends @Nullable NewField> wanted) {
        HeaderFields header = message.header();
        int next = 0;
        for (MilterReply change : fields) {
            if (!givesField(change)) {
                remove(header, change);
                continue;
            }
            NewField field = wanted.get(next++);
            if (field != null) {
                field.write(header);
                put(header, change);
            }
        }
    }

    /** The field that has been written. */
    private void put(HeaderFields header, MilterReply change) {
        switch (change.kind()) {
            case ADD_HEADER -> header.putLast();
            case INSERT_HEADER -> {
                int index = Math.min(change.number(), header.count());
                header.put(index);
                own.onInserted(index);
            }
            default -> {
                int index = find(header, change);
                if (index < 0) {
                    header.putLast();
                } else {
                    header.putInPlaceOf(index);
                }
            }
        }
    }

    private void remove(HeaderFields header, MilterReply change) {
        int index = find(header, change);
        if (index >= 0) {
            header.remove(index);
            own.onRemoved(index);
        }
    }

    private int find(HeaderFields header, MilterReply change) {
        return find(header, change.firstText(), Math.max(1, change.number()));
    }

    private int find(HeaderFields header, String name, int instance) {
        int left = instance;
        for (int i = header.find(name, 0); i >= 0; i = header.find(name, i + 1)) {
            if (i != own.index() && --left == 0) {
                return i;
            }
        }
        return -1;
    }

    // The envelope. --------------------------------------------------------------------------------------------------

    private void setSender(MilterReply change) {
        envelope.setSender(change.firstText());
        for (String parameter : parameters(change)) {
            String upper = parameter.toUpperCase(Locale.ROOT);
            switch (upper) {
                case "RET=FULL" -> envelope.setReturned(DsnReturn.FULL);
                case "RET=HDRS" -> envelope.setReturned(DsnReturn.HDRS);
                default -> {
                    if (upper.startsWith("ENVID=") && isXText(parameter.substring("ENVID=".length()))) {
                        envelope.setEnvelopeId(parameter.substring("ENVID=".length()));
                    } else {
                        warnings.accept("Ignoring bad ESMTP parameter \"" + parameter + "\" in SMFI_CHGFROM request");
                    }
                }
            }
        }
    }

    private static String[] parameters(MilterReply change) {
        String all = change.secondText().strip();
        return all.isEmpty() ? new String[0] : all.split("\\s+");
    }

    private static boolean isXText(String text) {
        return !text.isEmpty() && text.matches("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})*");
    }

    private void addRecipient(MilterReply change) {
        int notifyBits = DsnNotify.UNSPECIFIED;
        String original = null;
        for (String parameter : parameters(change)) {
            String upper = parameter.toUpperCase(Locale.ROOT);
            int bits = upper.startsWith("NOTIFY=") ? notifyBits(upper.substring("NOTIFY=".length())) : 0;
            if (bits != 0) {
                notifyBits = bits;
            } else if (upper.startsWith("ORCPT=")
                    && parameter.indexOf(';') > "ORCPT=".length()
                    && parameter.chars().noneMatch(Character::isISOControl)) {
                original = parameter.substring("ORCPT=".length());
            } else {
                warnings.accept(message.arrival().queueIdText()
                        + ": ignoring ESMTP argument from Milter or header/body_checks: \"" + parameter + '"');
            }
        }
        if (!envelope.tryAdd(change.firstText(), notifyBits, original)) {
            warnings.accept(message.arrival().queueIdText() + ": ignoring attempt from Milter to add null recipient");
        }
    }

    /** 0: they are none. */
    private static int notifyBits(String words) {
        int bits = 0;
        for (String word : words.split(",")) {
            bits |= switch (word) {
                case "NEVER" -> DsnNotify.NEVER;
                case "SUCCESS" -> DsnNotify.SUCCESS;
                case "FAILURE" -> DsnNotify.FAILURE;
                case "DELAY" -> DsnNotify.DELAY;
                default -> 0;
            };
        }
        return bits;
    }

    // The body. ------------------------------------------------------------------------------------------------------

    private void addText(byte[] piece) {
        if (isTextEnded) {
            throw new IllegalArgumentException(
                    "body replacement requests can't currently be mixed with other requests");
        }
        if (text != null && message.isMemoryFull()) {
            throw new IllegalArgumentException("no memory for a replaced body");
        }
        lines.begin(piece.length);
        lines.decode(Unpooled.wrappedBuffer(piece), text());
    }

    private ByteBuf text() {
        ByteBuf known = text;
        if (known == null) {
            known = message.newText();
            text = known;
        }
        return known;
    }

    /** They will not be made. */
    void forget() {
        fields.clear();
        envelope = new EnvelopeChanges();
        close();
    }

    /**
     * Makes those of header and body, and tells those of the envelope.
     *
     * @param wanted one for each of {@link #newFields}, null for one that is not to be there
     */
    EnvelopeChanges apply(List<? extends @Nullable NewField> wanted) {
        applyFields(wanted);
        ByteBuf replaced = text;
        text = null;
        if (replaced != null) {
            lines.finish(replaced);
            message.replaceText(
                    replaced,
                    (lines.hasLongLines() ? BodyRef.LONG_LINES : 0) | (lines.hasEightBit() ? BodyRef.EIGHT_BIT : 0));
        }
        return envelope;
    }

    /** What was gathered comes to nothing. Any number of times. */
    @Override
    public void close() {
        ByteBuf dropped = text;
        text = null;
        if (dropped != null) {
            dropped.release();
        }
    }
}
