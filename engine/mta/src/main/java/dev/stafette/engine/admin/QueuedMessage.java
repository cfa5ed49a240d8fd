// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as a listing shows it.
 * Thread: any (a value).
 *
 * @param id as {@code QueueId.format} prints it
 * @param sender in external form; empty for the null reverse-path
 * @param sizeBytes of the content
 */
public record QueuedMessage(
        QueueName queue,
        String id,
        long arrivalMs,
        long sizeBytes,
        boolean forcedExpire,
        String sender,
        List<QueuedRecipient> recipients)
        implements AnswerRow {
    public QueuedMessage {
        recipients = List.copyOf(recipients);
    }

    /**
     * A recipient who still waits.
     *
     * @param originalAddress what the client asked for, where rewriting changed it
     * @param delayReason why the last attempt ended without delivery; null before the first
     */
    public record QueuedRecipient(
            String address,
            @Nullable String originalAddress,
            @Nullable String delayReason) {}

    /** The queues that Postfix shows; the mark is what {@code postqueue -p} puts behind the id. */
    public enum QueueName {
        MAILDROP("maildrop", ' '),
        INCOMING("incoming", ' '),
        ACTIVE("active", '*'),
        DEFERRED("deferred", ' '),
        HOLD("hold", '!'),
        CORRUPT("corrupt", ' ');

        private final String text;
        private final char mark;

        QueueName(String text, char mark) {
            this.text = text;
            this.mark = mark;
        }

        /** Null for a word that is none of them. */
        public static @Nullable QueueName of(String text) {
            for (QueueName name : values()) {
                if (name.text.equals(text)) {
                    return name;
                }
            }
            return null;
        }

        /** Those that have these names; a word that is none of them is passed over. */
        public static Set<QueueName> allOf(Collection<String> texts) {
            Set<QueueName> names = EnumSet.noneOf(QueueName.class);
            for (String text : texts) {
                QueueName name = of(text);
                if (name != null) {
                    names.add(name);
                }
            }
            return names;
        }

        public String text() {
            return text;
        }

        public char mark() {
            return mark;
        }
    }
}
