// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.message.HeaderFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What signatures cover of one header: found and written once, however many keys sign it.
 * Thread: any (it does not change).
 */
public final class SignedHeader {
    /** Of one name; a header with more of it has those at its top unsigned. */
    private static final int FIELDS_OF_A_NAME_MAX = 50;

    private final Canonicalization form;
    private final List<String> names;
    private final byte[] canonical;

    private SignedHeader(Canonicalization form, List<String> names, byte[] canonical) {
        this.form = form;
        this.names = names;
        this.canonical = canonical;
    }

    /**
     * Covers each of the fields that are {@code wanted} as often as the header has it, and names those that are {@code closed}
     * once more, so that nobody adds another on the way. {@code header}: as it goes out, but for the signatures.
     */
    public static SignedHeader of(
            HeaderFields header, Canonicalization form, List<String> wanted, List<String> closed) {
        FieldsFromBelow fields = new FieldsFromBelow(header);
        CanonicalHeader canonical = new CanonicalHeader(form);
        List<String> names = new ArrayList<>(wanted.size() + closed.size());
        for (String name : wanted) {
            int count = 0;
            for (int index = fields.next(name); index >= 0; index = fields.next(name)) {
                names.add(name);
                canonical.addField(header, index);
                if (++count == FIELDS_OF_A_NAME_MAX) {
                    break;
                }
            }
        }
        for (String name : closed) {
            if (fields.count(name) <= FIELDS_OF_A_NAME_MAX) {
                names.add(name);
                int index = fields.next(name);
                if (index >= 0) {
                    canonical.addField(header, index);
                }
            }
        }
        return new SignedHeader(form, names, canonical.bytes());
    }

    public Canonicalization form() {
        return form;
    }

    /** For {@code h=}, in their order. */
    public List<String> names() {
        return names;
    }

    /** What is signed: all of it, and the field behind it that carries the signature, without one. */
    byte[] with(String field) {
        CanonicalHeader own = new CanonicalHeader(form);
        own.addLast(field);
        byte[] last = own.bytes();
        byte[] all = Arrays.copyOf(canonical, canonical.length + last.length);
        System.arraycopy(last, 0, all, canonical.length, last.length);
        return all;
    }
}
