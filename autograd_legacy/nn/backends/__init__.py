"""What 0.3's modules called their backends; old pickles name them."""
