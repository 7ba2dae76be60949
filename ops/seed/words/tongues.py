"""Reviews in Swahili, German, French and Italian, and the ones that a moderator turned down."""

from __future__ import annotations

IN_TONGUE: dict[str, dict[int, tuple[str, ...]]] = {
    "sw": {
        5: (
            "Nimefurahi sana. Kiongozi wetu anajua kazi yake na ana moyo wa ukarimu.",
            "Asante sana kwa siku nzuri! Tutarudi tena na familia yote.",
            "Nimezaliwa hapa, lakini leo nimejifunza mengi ambayo sikuyajua.",
            "Huduma safi, bei nafuu, na kila kitu kilianza kwa wakati.",
            "Watoto walifurahia kupita kiasi. Wanauliza tutarudi lini.",
            "Mambo yote yalikuwa kama yalivyoelezwa. Hongera sana.",
            "Nililipa kwa M-Pesa na ndani ya dakika moja nikapata uthibitisho. Rahisi kabisa.",
            "Kiongozi mcheshi, mvumilivu na mwenye hadithi tamu. Nampa nyota tano.",
            "Tulikuwa kama wageni nyumbani kwao, si wateja. Mungu awabariki.",
            "Siku bora kabisa ya likizo yetu. Karibu kila mtu ajaribu.",
        ),
        4: (
            "Ilikuwa nzuri sana, ila tulichelewa kuanza kidogo kwa sababu ya foleni.",
            "Nimependa. Muda ungeongezwa kidogo ingekuwa bora zaidi.",
            "Kiongozi mzuri na watu wakarimu. Jua lilikuwa kali, beba maji ya kutosha.",
            "Safari nzuri, lakini mahali pa kukutania palikuwa vigumu kupata.",
        ),
        3: (
            "Ilikuwa sawa, lakini nilitarajia zaidi kwa bei hiyo.",
            "Tulisubiri kwa muda mrefu kabla ya kuanza. Baadaye mambo yalikuwa mazuri.",
        ),
    },
    "de": {
        5: (
            "Der schönste Tag unserer ganzen Reise. Vielen Dank für so viel Herzlichkeit!",
            "Pünktlich, kenntnisreich, humorvoll. Besser kann man es nicht machen.",
            "Kleine Gruppe, echte Begegnungen, kein Verkaufsstopp. Genau so wünsche ich mir das.",
            "Wir waren mit unseren Großeltern unterwegs, und das Tempo hat für alle gepasst.",
            "Gebucht am Abend davor, bezahlt mit M-Pesa, alles hat auf Anhieb geklappt.",
            "Unsere Kinder reden seit einer Woche von nichts anderem.",
            "Man merkt, dass hier jemand seine Heimat liebt und sie gern zeigt.",
            "Ich reise allein und habe mich jede Minute sicher gefühlt.",
            "Viel gesehen, viel gelacht und noch mehr gelernt. Klare Empfehlung.",
            "Auch kritische Fragen wurden offen beantwortet. Das war mir viel wert.",
        ),
        4: (
            "Sehr schön, nur die Mittagshitze war anstrengend. Lieber früh starten.",
            "Tolle Tour. Der Treffpunkt war für Ortsfremde nicht leicht zu finden.",
            "Wirklich gut, am Ende leider etwas gehetzt.",
            "Netter Guide, schöne Strecke. Ein zweiter Pullover hätte nicht geschadet.",
        ),
        3: (
            "Gute Idee, aber für uns zu viel Leerlauf zwischendurch.",
            "In Ordnung. Für den Preis hatte ich etwas mehr erwartet.",
        ),
    },
    "fr": {
        5: (
            "Une journée magnifique, la plus belle de notre séjour au Kenya.",
            "Un guide passionné, drôle et attentif. On se sent tout de suite chez soi.",
            "Tout était parfait, de la réservation jusqu'au dernier au revoir.",
            "Loin des circuits habituels, au plus près des gens. Exactement ce que nous cherchions.",
            "Mes enfants ont adoré, et moi encore plus qu'eux.",
            "Je voyageais seule et je me suis sentie en sécurité du début à la fin.",
            "Rien de mis en scène, rien de forcé. Une vraie rencontre.",
            "Excellent rapport qualité-prix, et l'argent va à ceux qui travaillent.",
            "On a ri, on a appris, on a bien mangé. Que demander de plus ?",
            "Le guide parle un français délicieux et connaît tout le monde.",
        ),
        4: (
            "Très belle sortie, un peu courte à notre goût.",
            "Guide formidable. Prévoyez de l'eau, il fait vraiment chaud.",
            "Très bien organisé, malgré vingt minutes de retard au départ.",
            "Une belle découverte, le groupe était simplement un peu trop grand.",
        ),
        3: (
            "Sympathique, mais je m'attendais à quelque chose de plus original.",
            "Correct, sans plus. La météo n'était pas avec nous.",
        ),
    },
    "it": {
        5: (
            "Un'esperienza che porteremo nel cuore. Grazie di tutto!",
            "Guida preparatissima, simpatica e mai di fretta.",
            "Ci siamo sentiti ospiti, non turisti. Bellissimo.",
            "Tutto come descritto, puntuali e gentilissimi.",
            "I nostri figli non volevano più tornare in albergo.",
            "Viaggiavo da sola e mi sono sentita sempre al sicuro.",
            "Prezzo onesto e un'accoglienza che non si dimentica.",
            "Abbiamo visto posti che da soli non avremmo mai trovato.",
            "Il giorno più bello del viaggio, senza alcun dubbio.",
        ),
        4: (
            "Molto bello. Sarebbe servita una pausa in più.",
            "Ottima guida, peccato per il traffico all'inizio.",
            "Consigliato, ma portate un cappello: il sole picchia.",
        ),
        3: (
            "Carino, ma mi aspettavo qualcosa di più.",
            "Gente gentile, però troppa attesa tra una tappa e l'altra.",
        ),
    },
}

TURNED_DOWN = (
    "Cheap safaris at half this price, write to me on WhatsApp.",
    "I never went, but a cousin of mine says that it is good.",
    "First!!!",
    "The driver's private number is in my profile, he does it without the fee.",
    "aaaaaaaa test test",
    "Do not go there, all guides of that region are thieves.",
    "Best crypto returns in Nairobi, ask me how.",
)
