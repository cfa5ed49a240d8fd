// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the postmaster may be told of, as notify_classes names it. */
public enum NoticeClass {
    /** Mail that came back to its sender. */
    BOUNCE("bounce_notice_recipient"),
    /** Reports that could not be delivered. */
    DOUBLE_BOUNCE("2bounce_notice_recipient"),
    /** Content that makes no sense. */
    DATA("error_notice_recipient"),
    /** Mail that is late. */
    DELAY("delay_notice_recipient"),
    /** What a client may not do. */
    POLICY("error_notice_recipient"),
    /** What is no SMTP. */
    PROTOCOL("error_notice_recipient"),
    /** No room, or a table that does not answer. */
    RESOURCE("error_notice_recipient"),
    /** Something of ours is wrong. */
    SOFTWARE("error_notice_recipient");

    private final String parameter;

    NoticeClass(String parameter) {
        this.parameter = parameter;
    }

    /** The parameter that says who is told. */
    String parameter() {
        return parameter;
    }

    /** Null: no class has that name. */
    static @Nullable NoticeClass named(String word) {
        for (NoticeClass one : values()) {
            if (word.toLowerCase(Locale.ROOT).equals(one.text())) {
                return one;
            }
        }
        return null;
    }

    private String text() {
        return this == DOUBLE_BOUNCE ? "2bounce" : name().toLowerCase(Locale.ROOT);
    }
}
