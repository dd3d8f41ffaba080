//! Chains of signatures under an order: what the paper writes v:0:j1:…:jk.
//!
//! A general signs the order together with all signatures before its own, so that none can be taken
//! out of the middle, added to another order or moved. To sign takes a [`Key`], and there is one
//! for each general. Only what boots the generals knows the [`Keyring`] that cuts them, and the
//! voice of the traitors, who share theirs. Everybody can [verify](Chain::verify).
//!
//! A signature here is a number that follows from the signer's secret and from what is signed. That
//! is no cryptography: nobody in a simulation computes secrets. What matters is that this module
//! gives no way to sign with a key that one does not hold, and that a name written with somebody
//! else's key does not verify.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::process::{Names, NodeId};
use crate::trace::fold;

use super::rounds::{DEEPEST, Path, called};
use super::{COMMANDER, Order};

/// Cuts the keys of all generals.
pub(super) struct Keyring;

impl Keyring {
    /// The key of a general.
    pub(super) fn cut(&self, owner: NodeId) -> Key {
        Key { owner, secret: secret(owner) }
    }
}

/// What its owner signs with.
#[derive(Clone)]
pub(super) struct Key {
    owner: NodeId,
    secret: u64,
}

impl Key {
    /// Whose it is.
    pub(super) fn owner(&self) -> NodeId {
        self.owner
    }
}

/// The secret of a general's key; in [`Chain::verify`] it stands for what the public key can tell.
fn secret(owner: NodeId) -> u64 {
    fold(owner.index() as u64 ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9)
}

fn sign(secret: u64, text: u64) -> u64 {
    fold(secret ^ text, 0xe703_7ed1_a0b4_28db)
}

/// An order with the signatures under it.
#[derive(Clone)]
pub(super) struct Chain {
    order: Order,
    signers: Path,
    seals: [u64; DEEPEST as usize + 1],
}

impl Chain {
    /// An order that nobody has signed.
    pub(super) const fn unsigned(order: Order) -> Chain {
        Chain { order, signers: Path::EMPTY, seals: [0; DEEPEST as usize + 1] }
    }

    /// Stands for a chain of `length` signatures that its sender does not have.
    pub(super) fn blank(order: Order, length: u32) -> Chain {
        Chain { signers: Path::of_length(length), ..Chain::unsigned(order) }
    }

    /// The order.
    pub(super) fn order(&self) -> Order {
        self.order
    }

    /// How many have signed: the round in which the chain counts.
    pub(super) fn length(&self) -> u32 {
        self.signers.length()
    }

    /// Whether `node` has signed.
    pub(super) fn contains(&self, node: NodeId) -> bool {
        self.signers.contains(node)
    }

    /// The chain with one more signature, under all that it has.
    pub(super) fn signed(&self, key: &Key) -> Chain {
        self.forged(key.owner, key)
    }

    /// The chain with the name of `signer` under it, written with `key`: a forgery, unless the key
    /// is the signer's.
    pub(super) fn forged(&self, signer: NodeId, key: &Key) -> Chain {
        let mut chain = Chain { signers: self.signers.then(signer), ..self.clone() };
        if let Some(seal) = chain.seals.get_mut(self.length() as usize) {
            *seal = sign(key.secret, self.text(self.length()));
        }
        chain
    }

    /// What the signature after the first `length` ones is put under: the last of them, which
    /// covers all before, or the order.
    fn text(&self, length: u32) -> u64 {
        match length.checked_sub(1) {
            Some(last) => self.seals[last as usize],
            None => self.order as u64 + 1,
        }
    }

    /// Each signer, and whether the signature under that name is genuine.
    fn signatures(&self) -> impl Iterator<Item = (NodeId, bool)> {
        let genuine = |(place, &signer): (usize, &NodeId)| {
            (signer, self.seals[place] == sign(secret(signer), self.text(place as u32)))
        };
        self.signers.hops().iter().enumerate().map(genuine)
    }

    /// Checks that the chain proves that the commander signed the order, and that it counts in one
    /// of the first `rounds` rounds. Everything that a loyal general believes has passed this.
    ///
    /// # Errors
    ///
    /// The first flaw.
    pub(super) fn verify(&self, rounds: u32) -> Result<(), Flaw> {
        let signers = self.signers.hops();
        if signers.first() != Some(&COMMANDER) {
            return Err(Flaw::Stripped);
        }
        if self.length() > rounds {
            return Err(Flaw::TooLong);
        }
        let again = signers.iter().enumerate().find(|&(place, signer)| signers[..place].contains(signer));
        if let Some((_, &signer)) = again {
            return Err(Flaw::Repeated(signer));
        }
        match self.signatures().find(|&(_, is_genuine)| !is_genuine) {
            Some((signer, _)) => Err(Flaw::Forged(signer)),
            None => Ok(()),
        }
    }
}

/// Why a chain proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The first signature is not the commander's.
    Stripped,
    /// It has more signatures than there are rounds.
    TooLong,
    /// A general signed twice, which would let a traitor make a chain of any length.
    Repeated(NodeId),
    /// The signature under this name is not the signer's, or was put under something else.
    Forged(NodeId),
}

impl Flaw {
    /// The flaw in a word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Flaw::Stripped => "stripped",
            Flaw::TooLong => "too-long",
            Flaw::Repeated(_) => "repeated",
            Flaw::Forged(_) => "forged",
        }
    }

    /// The flaw as a clause.
    pub(super) fn says(self, names: &Names) -> String {
        match self {
            Flaw::Stripped => "the commander's signature is not the first".to_owned(),
            Flaw::TooLong => "it has more signatures than there are rounds".to_owned(),
            Flaw::Repeated(signer) => format!("{} signed it twice", called(signer, names)),
            Flaw::Forged(signer) => format!("{}'s signature is forged", called(signer, names)),
        }
    }
}

impl PartialEq for Chain {
    fn eq(&self, other: &Chain) -> bool {
        let length = self.length() as usize;
        self.order == other.order && self.signers == other.signers && self.seals[..length] == other.seals[..length]
    }
}

impl Serialize for Chain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.order, &self.signers, &self.seals[..self.length() as usize]).serialize(serializer)
    }
}

impl fmt::Display for Chain {
    /// As the paper writes it, generals by number: `attack:0:2`. A forged signature has a question
    /// mark.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.order.fmt(f)?;
        for (signer, is_genuine) in self.signatures() {
            write!(f, ":{}{}", signer.index(), if is_genuine { "" } else { "?" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Order = Order::Attack;

    fn key(index: u16) -> Key {
        Keyring.cut(NodeId::new(index))
    }

    fn chain(signers: &[u16]) -> Chain {
        signers.iter().fold(Chain::unsigned(ORDER), |chain, &signer| chain.signed(&key(signer)))
    }

    #[track_caller]
    fn check(chain: &Chain, verdict: Result<(), Flaw>, words: &str) {
        assert_eq!((chain.verify(4), chain.to_string().as_str()), (verdict, words));
    }

    #[test]
    fn a_chain_proves_an_order_if_every_signature_is_its_signers() {
        check(&chain(&[0]), Ok(()), "attack:0");
        check(&chain(&[0, 2, 1]), Ok(()), "attack:0:2:1");
    }

    #[test]
    fn what_is_stripped_repeated_or_too_long_proves_nothing() {
        check(&Chain::unsigned(ORDER), Err(Flaw::Stripped), "attack");
        check(&chain(&[2]), Err(Flaw::Stripped), "attack:2");
        check(&chain(&[2, 0]), Err(Flaw::Stripped), "attack:2:0");
        check(&chain(&[0, 2, 2]), Err(Flaw::Repeated(NodeId::new(2))), "attack:0:2:2");
        check(&chain(&[0, 1, 2, 3, 4]), Err(Flaw::TooLong), "attack:0:1:2:3:4");
    }

    /// Section 4, A4: "A loyal general's signature cannot be forged, and any alteration of the
    /// contents of his signed messages can be detected. Anyone can verify the authenticity of a
    /// general's signature."
    #[test]
    fn a_signature_cannot_be_forged_moved_or_kept_under_another_order() {
        let [commander, bob] = [0, 2].map(NodeId::new);
        let forged = Chain::unsigned(ORDER).forged(commander, &key(2)).signed(&key(2));
        check(&forged, Err(Flaw::Forged(commander)), "attack:0?:2");
        let other_order = Chain { order: ORDER.other(), ..chain(&[0, 2]) };
        check(&other_order, Err(Flaw::Forged(commander)), "retreat:0?:2");
        // Bob signed attack:0:1; without Alice's signature his own is under something else.
        let mut stripped = chain(&[0, 2]);
        stripped.seals[1] = chain(&[0, 1, 2]).seals[2];
        check(&stripped, Err(Flaw::Forged(bob)), "attack:0:2?");
    }

    #[test]
    fn nobody_can_write_anybody_elses_name() {
        for (writer, name) in (0..14).flat_map(|writer| (0..14).map(move |name| (writer, name))) {
            let signed = Chain::unsigned(ORDER).signed(&key(0)).forged(NodeId::new(name), &key(writer));
            let is_genuine = signed.signatures().all(|(_, is_genuine)| is_genuine);
            assert_eq!(is_genuine, writer == name, "{writer} as {name}");
        }
    }
}
