"""The travellers who have been here before: names only, with an address that reaches nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who books; ``tongue`` is the language that they would write a review in."""

    name: str
    tongue: str
    number: int

    @property
    def email(self) -> str:
        plain = normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z]+", ".", plain).strip(".") + "@elite-events.example"

    @property
    def phone(self) -> str:
        """Kenyan, because they pay by M-Pesa; from a range that is nobody's."""
        return f"+2547000{10_000 + self.number}"

    @property
    def locale(self) -> str:
        return "sw" if self.tongue == "sw" else "en"


_NAMES = {
    "en": """
        Emma Clarke|Oliver Hughes|Charlotte Bennett|James Whitfield|Sophie Turner|Harry Langley|Isla Macrae|Callum Reid
        Niamh Gallagher|Cian O'Dowd|Megan Price|Rhys Morgan|Hannah Fletcher|Tom Ashworth|Priya Raman|Arjun Mehta
        Ananya Iyer|Rohan Kulkarni|Emily Carter|Jacob Miller|Madison Brooks|Ethan Sullivan|Ava Thompson|Noah Ramirez
        Grace Kim|Daniel Nguyen|Olivia Washington|Marcus Johnson|Chloe Tremblay|Liam MacDonald|Zoe Papadopoulos
        Jack Henderson|Ruby Mitchell|Lachlan Burke|Aroha Ngata|Thandiwe Nkosi|Johan van Wyk|Lerato Molefe|Chinedu Okafor
        Adaeze Nwosu|Tunde Bakare|Kwame Mensah|Abena Owusu|Ayumi Tanaka|Kenji Watanabe|Li Wei|Chen Xiaoling|Park Ji-woo
        Ingrid Solberg|Lars Nygaard|Freja Holm|Mikkel Sorensen|Elin Bergstrom|Anders Lindqvist|Aino Virtanen
        Joris de Vries|Sanne Bakker|Marieke Visser|Tomasz Kowalski|Agnieszka Nowak|Petra Novakova|Eszter Toth
        Sofia Papadaki|Miguel Santos|Ines Ferreira|Lucia Navarro|Pablo Iglesias|Camila Rojas|Mateo Alvarez|Beatriz Lima
        Yael Ben-David|Omar Haddad|Layla Nasser|Fatima Al-Zahra|Yusuf Demir|Aylin Kaya|Nadia Petrova|Sam Whitaker
    """,
    "de": """
        Lena Brandt|Jonas Becker|Anna Schuster|Felix Hoffmann|Katharina Vogel|Tobias Lehmann|Miriam Seidel|Stefan Krause
        Julia Wagner|Maximilian Huber|Sabine Keller|Lukas Gruber|Nina Zimmermann|Markus Steiner|Verena Egger|Paul Baumann
    """,
    "fr": """
        Camille Laurent|Hugo Moreau|Manon Girard|Antoine Lefebvre|Elodie Fontaine|Julien Mercier|Claire Dubois|Nicolas Roux
        Aurelie Marchand|Thomas Perrin|Fanny Delacroix|Mathieu Gauthier|Awa Diop|Ousmane Ba
    """,
    "it": """
        Giulia Ferrari|Marco Bianchi|Chiara Romano|Lorenzo Conti|Elisa Marini|Davide Greco|Francesca Rinaldi|Matteo Gallo
        Valentina Costa|Andrea Moretti|Paola Serra|Simone Fontana
    """,
    "sw": """
        Wangui Macharia|Otieno Odhiambo|Mwangi Njoroge|Nafula Barasa|Kiprotich Ruto|Zawadi Mwakio|Juma Salim|Mwanaidi Hassan
        Kyalo Musyoka|Wambui Gathoni|Brian Omondi|Sharon Jeptoo|Halima Abdi|Peter Kariuki|Neema Mollel|Baraka Mushi
        Rehema Kimaro|Daudi Mrema|Esther Nabirye|Moses Ssempijja|Diane Uwase|Eric Mugisha|Mercy Wekesa|Ali Bakari
        Caroline Mutindi|Dennis Kibet|Lucy Akinyi|Hassan Mwinyi
    """,
}
#: Accounts that know only a phone number: what ends without a payment is told by mail alone, and they get none.
WITHOUT_MAIL = frozenset({"Juma Salim", "Dennis Kibet", "Caroline Mutindi"})
TRAVELLERS: tuple[Traveller, ...] = tuple(
    Traveller(name.strip(), tongue, 100 * index + number)
    for index, (tongue, names) in enumerate(_NAMES.items())
    for number, name in enumerate(part for line in names.strip().splitlines() for part in line.split("|"))
)
