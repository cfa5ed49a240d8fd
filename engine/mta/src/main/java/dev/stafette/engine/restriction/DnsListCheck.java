// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody is in a DNS list: {@code reject_rbl_client}, {@code reject_rhsbl_sender}, {@code permit_dnswl_client} and
 * their like.
 * Thread: any (it does not change).
 *
 * <p>A list that refuses and does not answer is passed over, with a word in the log: no mail is lost by a list that is
 * down. One that permits might have let through what something else refuses, and so that is for now.
 *
 * @param of whom the list may have
 * @param byAddress the client's address is looked up, and not its name
 * @param reply null: who is in the list is welcome
 */
record DnsListCheck(
        DnsList list,
        Subject of,
        boolean byAddress,
        @Nullable ListReply reply) implements Restriction {
    private static final int FOR_NOW = 450;

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        String what = byAddress ? IpText.format(facts.client().address()) : name(facts);
        if (what.isEmpty() || reply == null && !mayPermit(facts)) {
            return Verdict.DUNNO;
        }
        NameAnswer answer = find(what, facts, inquiry);
        return switch (answer.finding()) {
            case NOT_FOUND -> Verdict.DUNNO;
            case FOUND -> reply == null ? Verdict.OK : reply.refusal(list, answer, what, of, facts, inquiry);
            case UNAVAILABLE ->
                answer.isNotYet() ? Verdict.NOT_YET : unavailable(what).withComplaint(list.complaint(answer, what));
        };
    }

    boolean refuses() {
        return reply != null;
    }

    NameAnswer find(Facts facts, Inquiry inquiry) {
        return find(byAddress ? "" : name(facts), facts, inquiry);
    }

    private NameAnswer find(String what, Facts facts, Inquiry inquiry) {
        return byAddress ? list.find(facts.client().address(), inquiry) : list.find(what, inquiry);
    }

    /** Empty: there is none. */
    private String name(Facts facts) {
        String name = of == Subject.CLIENT ? facts.client().name() : facts.name(of);
        boolean isClient = of == Subject.CLIENT || of == Subject.REVERSE_CLIENT;
        return isClient && name.equals(ClientFacts.UNKNOWN) ? "" : name;
    }

    /** A list is no reason to relay for somebody. */
    private static boolean mayPermit(Facts facts) {
        RecipientFacts recipient = facts.recipient();
        return recipient == null
                || recipient.targetClass() != AddressClass.OTHER
                        && recipient.targetClass() != AddressClass.UNKNOWN
                        && !recipient.isRouted();
    }

    private Verdict unavailable(String what) {
        return reply != null
                ? Verdict.DUNNO
                : Verdict.deferIfReject(SmtpReply.of(
                        FOR_NOW,
                        EnhancedStatus.of(FOR_NOW / 100, 7, 1),
                        "<" + what + ">: " + of.text() + " rejected: Service unavailable"));
    }
}
