"""What guides answered to reviews: thanks for the good ones, an honest word to the others."""

from __future__ import annotations

THANKS = (
    "Asante sana! It was a pleasure to have you. Karibu tena.",
    "Thank you for the kind words, and for laughing at my old jokes.",
    "You were a wonderful group. I have told the others what you wrote, and they are proud.",
    "Thank you! Next time we take the longer way, I promise.",
    "Asanteni. Greet the children, they were the bravest of us all.",
    "That makes my week. Safe travels, and come back in the green season.",
    "Thank you for coming in spite of the rain. You made the best of it.",
    "Karibu sana. My mother asks when you are coming for tea again.",
    "I am glad that you noticed the small things. Many people hurry past them.",
    "Thank you. You asked better questions than most, I had to look two of them up.",
    "Shukrani nyingi. You are welcome here at any time.",
    "It was a good day for me too. Thank you for your patience and your good shoes.",
    "Thank you for writing. Reviews like this one help us more than you may think.",
    "The recipe is on its way by mail, as promised.",
    "Merci, grazie, danke, asante: whichever you prefer. Come again!",
    "Your Swahili was better than you think. Keep at it.",
    "Thank you. I shall pass your thanks on to everybody who helped.",
    "A joy to show my home to people who look so closely. Karibu tena!",
)
EXPLANATIONS = (
    "Thank you for your honesty. I now leave half an hour earlier, so that traffic cannot do this to us again.",
    "You are right about the last stop. I have shortened the one before it.",
    "I am sorry about the wait. I should have called you at once, and from now on I do.",
    "Pole sana for the heat. The early start is on the calendar now as well.",
    "Fair words. I have made the description clearer, so that nobody expects something else.",
    "I am sorry that it was not your day. Write to me, and I shall gladly make it good.",
    "Thank you. The meeting point has a better description and a photograph now.",
    "We keep the groups smaller since then. Thank you for telling me plainly.",
    "I understand. The weather is not mine to order, but rain jackets are, and I carry them now.",
)
